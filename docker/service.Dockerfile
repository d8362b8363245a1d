# One image per service, API and worker alike:
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=store -t autopilot/store:0.1.0 .
# SERVICE is a folder under services/. The worker is the same image with `node src/worker.ts`.
ARG SERVICE

FROM node:24-bookworm-slim AS node

# --- What a service needs from the system: one stage per service, named system-<service>. ---
FROM node AS system-store

FROM node AS system-payment-sandbox

FROM node AS system-marketing-suite

# Debian's own packages: security updates come with a rebuild, so no versions are pinned here.
FROM node AS system-video-factory
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends \
		espeak-ng ffmpeg fontconfig fonts-dejavu-core fonts-inter \
	&& rm -rf /var/lib/apt/lists/*

FROM node AS system-research-bot
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends \
		chromium-headless-shell fonts-dejavu-core fonts-inter \
	&& rm -rf /var/lib/apt/lists/*

# --- Packages from npm: only what this service depends on. ---
# Manifests alone, so that a change of source does not install everything again.
FROM node AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
COPY services services
RUN find packages services -type f ! -name package.json -delete \
	&& find packages services -type d -empty -delete

FROM node AS dependencies
ARG SERVICE
WORKDIR /app
COPY --from=manifests /app ./
# Out of the manifests altogether: even when omitted, the root's development packages (n8n-core, ...) take
# part in npm's peer resolution, and one that another workspace needs at run time is installed after all.
# `install`, not `ci`: the lock may lack another platform's binaries.
RUN npm pkg delete devDependencies peerDependencies --workspaces --include-workspace-root \
	&& npm install --omit=dev --ignore-scripts --no-audit --no-fund --workspace "services/${SERVICE}" \
	&& npm cache clean --force

# --- The image. ---
FROM system-${SERVICE} AS service
ARG SERVICE
# The young generation of a Node process grows to 64 MB under load and never shrinks; this is a tenth, as fast.
ENV NODE_ENV=production \
	NODE_OPTIONS=--max-semi-space-size=4 \
	HOST=0.0.0.0 \
	STORAGE_DIR=/data
# A named volume takes its owner from here: user node (uid 1000) must be able to write.
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=dependencies /app ./
COPY packages packages
COPY services/${SERVICE} services/${SERVICE}
USER node
WORKDIR /app/services/${SERVICE}
VOLUME /data
CMD ["node", "src/server.ts"]
