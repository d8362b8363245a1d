import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { pick } from '../config.ts';
import { answersOk } from '../health.ts';
import { projectRoot } from '../layout.ts';
import type { Service } from '../services.ts';

/** Variables of the services' own config that an operator may set; everything else is the stack's business. */
const OPERATOR_SETTINGS =
	/^(LOG_LEVEL|S3_.*|OPENAI_.*|FFMPEG_PATH|FFPROBE_PATH|RENDER_CONCURRENCY|CHROMIUM_PATH|USER_AGENT|PER_HOST_.*|BROWSER_PAGES|MAIL_FROM|SEND_RATE_PER_SECOND)$/;

/** The API process of a service: applies its migrations, then listens. */
export function serviceApi(context: StackContext, service: Service): Component {
	const port = context.layout.ports[service.name];
	return {
		name: service.name,
		label: service.label,
		after: ['postgres', 'databases', 'redis'],
		ports: [{ port, purpose: `${service.label} API` }],
		prepare: async () => {
			mkdirSync(storageOf(context, service), { recursive: true });
		},
		plan: () => nodeProcess(context, service, { name: service.name, entry: 'server', port }),
		detail: () => `${context.wiring.services[service.name].url}/docs`,
	};
}

/** The worker process of a service: jobs and webhook deliveries; its port answers probes only. */
export function serviceWorker(context: StackContext, service: Service): Component {
	const name = `${service.name}-worker` as const;
	const port = context.layout.ports[name];
	return {
		name,
		label: `${service.label} worker`,
		// Waits for the migrations itself; starting beside its server saves its own boot time.
		after: ['postgres', 'databases', 'redis'],
		ports: [{ port, purpose: `${service.label} worker (probes)` }],
		prepare: async () => {
			mkdirSync(storageOf(context, service), { recursive: true });
		},
		plan: () => nodeProcess(context, service, { name, entry: 'worker', port }),
	};
}

/** Whether this checkout has the service's processes. */
export function isBuilt(service: Service): boolean {
	return existsSync(path.join(projectRoot, 'services', service.name, 'src', 'server.ts'));
}

function nodeProcess(
	context: StackContext,
	service: Service,
	{ name, entry, port }: { name: string; entry: 'server' | 'worker'; port: number },
) {
	return {
		name,
		file: process.execPath,
		args: [path.join(projectRoot, 'services', service.name, 'src', `${entry}.ts`)],
		env: environmentFor(context, name, settingsOf(context, service)),
		cwd: projectRoot,
		isReady: (signal: AbortSignal) => answersOk(`http://127.0.0.1:${port}/readyz`, signal),
		readyWithinMs: 60_000,
		stopSignal: 'SIGTERM' as const,
		// A render segment or an SMTP conversation in progress may end; what takes longer continues after the next start.
		stopWithinMs: 15_000,
	};
}

function settingsOf(context: StackContext, service: Service): Record<string, string> {
	const { layout, wiring, secrets, environment } = context;
	return {
		NODE_ENV: 'production',
		// Stripped types and compiled code are kept between boots.
		NODE_COMPILE_CACHE: path.join(layout.dataDir, 'cache', 'node'),
		LOG_LEVEL: 'info',
		...pick(environment.all, OPERATOR_SETTINGS),
		HOST: '127.0.0.1',
		PORT: String(layout.ports[service.name]),
		WORKER_PORT: String(layout.ports[`${service.name}-worker`]),
		PUBLIC_URL: wiring.services[service.name].url,
		DATABASE_URL: wiring.databaseUrl(service.database),
		REDIS_URL: wiring.redisUrl(service.name),
		API_KEY: wiring.services[service.name].apiKey,
		SIGNING_SECRET: secrets.signingSecrets[service.name],
		STORAGE_DIR: storageOf(context, service),
		EGRESS_ALLOW: wiring.egressAllow,
		...(service.name === 'marketing-suite' ? { SMTP_URL: wiring.smtpUrl } : {}),
	};
}

function storageOf(context: StackContext, service: Service): string {
	return path.join(context.layout.storage, service.name);
}
