# n8n with our nodes, credential types and workflows baked in; main, worker, webhook processor and
# the one-shot provisioner are all this image. Context: the repository's root.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Only what the compiler needs: n8n's own packages and the test tools stay out.
RUN npm pkg delete workspaces peerDependencies devDependencies \
	&& npm install --no-save --ignore-scripts --no-audit --no-fund \
		typescript@~6.0.3 @types/node@^24 n8n-workflow@2.41.0
COPY tsconfig.base.json tsconfig.json tsconfig.nodes.json ./
COPY nodes nodes
COPY credentials credentials
COPY icons icons
COPY scripts scripts
RUN npm run build

FROM n8nio/n8n:2.41.1
# A package in this folder is loaded by every n8n process under its own name, without a database row.
# Nothing may be mounted over /home/node/.n8n: it would hide the package (all state is in PostgreSQL).
COPY --from=build --chown=node:node /build/dist /home/node/.n8n/nodes/node_modules/n8n-nodes-autopilot/dist
COPY --chown=node:node package.json /home/node/.n8n/nodes/node_modules/n8n-nodes-autopilot/package.json
COPY docker/n8n-provision.mts /opt/autopilot/docker/n8n-provision.mts
COPY packages/stack/package.json /opt/autopilot/packages/stack/package.json
COPY packages/stack/src/services.ts /opt/autopilot/packages/stack/src/services.ts
COPY workflows /opt/autopilot/workflows
