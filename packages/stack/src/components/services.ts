import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { without } from '../config.ts';
import { answersOk } from '../health.ts';
import { projectRoot } from '../layout.ts';
import { findProgram } from '../programs.ts';
import type { Service } from '../services.ts';

/** The young generation of a Node process grows to 64 MB under load and never shrinks; this is a tenth, as fast. */
export const SMALL_HEAP = '--max-semi-space-size=4';

/** How this process was run is no business of a service; everything else an operator may have set for it. */
const OWN_RUN_TIME = /^(NODE_OPTIONS|NODE_ENV|NODE_CHANNEL_.*|INIT_CWD|npm_.*|JEST_.*)$/;

/** Debian's small one first, then what other systems have. */
const CHROMIUM = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** The API process of a service: applies its migrations, then listens. */
export function serviceApi(context: StackContext, service: Service): Component {
	const port = context.layout.ports[service.name];
	return {
		name: service.name,
		label: service.label,
		after: [
			...['postgres', 'databases', 'redis'],
			...(service.name === 'store' ? ['payment-sandbox'] : []),
		],
		ports: [{ port, purpose: `${service.label} API` }],
		prepare: async () => {
			mkdirSync(storageOf(context, service), { recursive: true, mode: 0o700 });
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
			mkdirSync(storageOf(context, service), { recursive: true, mode: 0o700 });
		},
		plan: () => nodeProcess(context, service, { name, entry: 'worker', port }),
	};
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
	const chromium = findProgram(CHROMIUM, environment.inherited['PATH'] ?? '');
	return {
		...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }),
		...without(environment.all, OWN_RUN_TIME),
		NODE_ENV: 'production',
		NODE_OPTIONS: SMALL_HEAP,
		// Stripped types and compiled code are kept between boots.
		NODE_COMPILE_CACHE: path.join(layout.dataDir, 'cache', 'node'),
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
		...(service.name === 'marketing-suite' ? mailSettings(context) : {}),
		...(service.name === 'store' ? paymentSettings(context) : {}),
	};
}

function mailSettings({ wiring }: StackContext): Record<string, string> {
	const { smtpUrl: SMTP_URL, inboxUrl: INBOX_URL } = wiring;
	// The catcher can tell which mails have arrived, so nothing stays uncertain after a crash.
	// Clicks that lead into the store carry their campaign along.
	const STORE_URL = wiring.services.store.url;
	return { SMTP_URL, STORE_URL, ...(INBOX_URL === undefined ? {} : { INBOX_URL }) };
}

function paymentSettings({ wiring }: StackContext): Record<string, string> {
	if (wiring.payments === undefined) return {};
	const { url, stripeSecretKey, stripeWebhookSecret } = wiring.payments;
	return {
		STRIPE_API_URL: url,
		STRIPE_SECRET_KEY: stripeSecretKey,
		STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
	};
}

function storageOf(context: StackContext, service: Service): string {
	return path.join(context.layout.storage, service.name);
}
