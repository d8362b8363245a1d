import { mkdir } from 'node:fs/promises';
import type { Component, StackContext } from '../component.ts';
import { answersOk } from '../health.ts';
import { acceptsApiKey, createApiKey, logIn, n8nApi, type OwnerSession } from '../n8n/api.ts';
import { n8nEnvironment } from '../n8n/environment.ts';
import { importIntoN8n } from '../n8n/import.ts';
import { ensureN8n, N8N_VERSION } from '../n8n/install.ts';
import { buildNodePackage, deployNodePackage } from '../n8n/node-package.ts';
import { publishWorkflows } from '../n8n/publish.ts';
import { readWorkflows } from '../n8n/workflows.ts';
import { saveSecrets } from '../secrets.ts';
import { services } from '../services.ts';

/** n8n on PostgreSQL with our node package, our credentials and our workflows. */
export function n8n(context: StackContext): Component {
	const { layout, wiring } = context;
	const tools = {
		environment: context.environment,
		signal: context.signal,
		dataDir: layout.dataDir,
	};
	let program = '';
	return {
		name: 'n8n',
		label: 'n8n',
		after: ['postgres', 'databases'],
		ports: [
			{ port: layout.ports.n8n, purpose: 'n8n editor and webhooks' },
			{ port: layout.ports.n8nBroker, purpose: "n8n's task broker" },
		],
		async prepare(report) {
			program = await ensureN8n(tools, report);
			report('node package');
			await buildNodePackage(tools);
			await mkdir(layout.n8n, { recursive: true, mode: 0o700 });
			await deployNodePackage(layout.n8n);
			await importIntoN8n(context, program, report);
			report('starts');
		},
		plan: () => ({
			name: 'n8n',
			file: process.execPath,
			args: [program, 'start'],
			env: n8nEnvironment(context),
			cwd: layout.n8n,
			isReady: (signal) => answersOk(`${wiring.n8nUrl}/healthz/readiness`, signal),
			readyWithinMs: 120_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 15_000,
		}),
		finish: () => ensureApiKey(context),
		detail: () => `${N8N_VERSION} on ${wiring.n8nUrl}`,
	};
}

/** Workflows in production: needs n8n and every service that a trigger subscribes at. */
export function workflows(context: StackContext): Component {
	const files = context.workflows === undefined ? [] : readWorkflows(context.workflows);
	return {
		name: 'workflows',
		label: 'Workflows',
		after: ['n8n', ...services.map(({ name }) => name)],
		ports: [],
		async prepare(report) {
			report('publishes');
			const api = n8nApi(context.wiring.n8nUrl, context.secrets.n8n.apiKey ?? '');
			await publishWorkflows({ api, session: await logInAsOwner(context) }, files);
		},
		detail: () => files.map(({ id }) => id).join(', '),
	};
}

async function ensureApiKey(context: StackContext): Promise<void> {
	const { secrets, layout, wiring } = context;
	const known = secrets.n8n.apiKey;
	if (known !== undefined && (await acceptsApiKey(wiring.n8nUrl, known))) return;
	secrets.n8n.apiKey = await createApiKey(await logInAsOwner(context));
	await saveSecrets(layout.secretsFile, secrets);
}

function logInAsOwner({ secrets, wiring }: StackContext): Promise<OwnerSession> {
	const { ownerEmail: email, ownerPassword: password } = secrets.n8n;
	return logIn(wiring.n8nUrl, { email, password });
}
