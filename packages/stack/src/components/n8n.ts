import { mkdir } from 'node:fs/promises';
import { logIn } from '@autopilot/workflow-deploy';
import type { Component, StackContext } from '../component.ts';
import { answersOk } from '../health.ts';
import { createApiKey, isKeyEnough } from '../n8n/api.ts';
import { ensureCredentials } from '../n8n/credentials.ts';
import { deployWorkflows, stackTarget } from '../n8n/deploy.ts';
import { n8nEnvironment } from '../n8n/environment.ts';
import { ensureN8n, N8N_VERSION } from '../n8n/install.ts';
import { buildNodePackage, deployNodePackage } from '../n8n/node-package.ts';
import { saveSecrets } from '../secrets.ts';
import { services } from '../services.ts';

const WITHOUT_SQLITE = new URL('../n8n/without-sqlite.ts', import.meta.url).href;

/** n8n on PostgreSQL with our node package and our credentials. */
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
			report('starts');
		},
		plan: () => ({
			name: 'n8n',
			file: process.execPath,
			args: ['--import', WITHOUT_SQLITE, program, 'start'],
			env: n8nEnvironment(context),
			cwd: layout.n8n,
			isReady: (signal) => answersOk(`${wiring.n8nUrl}/healthz/readiness`, signal),
			readyWithinMs: 120_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 15_000,
		}),
		async finish(report) {
			await ensureApiKey(context);
			report('credentials');
			await ensureCredentials(context, await stackTarget(context));
		},
		detail: () => `${N8N_VERSION} on ${wiring.n8nUrl}`,
	};
}

/** Workflows in production: needs n8n and every service that a trigger subscribes at. */
export function workflows(context: StackContext): Component {
	let detail = '';
	return {
		name: 'workflows',
		label: 'Workflows',
		after: ['n8n', ...services.map(({ name }) => name)],
		ports: [],
		async prepare(report) {
			if (context.workflows === undefined) return;
			const target = await stackTarget(context);
			const { signal } = context;
			const { plan } = await deployWorkflows(target, context.workflows, { report, signal });
			const kept = plan.items.filter(({ edit }) => edit !== undefined).map(({ id }) => id);
			detail = [
				plan.items.map(({ id }) => id).join(', '),
				...(kept.length === 0
					? []
					: [
							`edited in the editor and left alone: ${kept.join(', ')} (autopilot workflows drift)`,
						]),
			].join('; ');
		},
		detail: () => detail,
	};
}

async function ensureApiKey(context: StackContext): Promise<void> {
	const { secrets, layout, wiring } = context;
	const known = secrets.n8n.apiKey;
	if (known !== undefined && (await isKeyEnough(wiring.n8nUrl, known))) return;
	const { ownerEmail: email, ownerPassword: password } = secrets.n8n;
	secrets.n8n.apiKey = await createApiKey(await logIn(wiring.n8nUrl, { email, password }));
	await saveSecrets(layout.secretsFile, secrets);
}
