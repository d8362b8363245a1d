import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { n8nApi, type N8nApi } from '@autopilot/workflow-deploy';
import { outsideFolder } from './components/postgres-home.ts';
import { readStackEnvironment } from './config.ts';
import { StackError } from './errors.ts';
import { answersOk, speaks } from './health.ts';
import { DEFAULT_DATA_DIR, layoutOf, type Layout } from './layout.ts';
import { memoryOf } from './memory.ts';
import { isAlive, signalOne } from './process-identity.ts';
import { reclaim } from './reclaim.ts';
import { isUp, readRun, supervisorOf } from './run-file.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { services, type DatabaseName } from './services.ts';
import { urlsOf, wire, type StackUrls, type Wiring } from './wiring.ts';

/** A stack as its users see it, whoever runs it. */
export interface RunningStack {
	layout: Layout;
	urls: StackUrls;
	services: Wiring['services'];
	secrets: Secrets;
	databaseUrl(name: DatabaseName): string;
	/** n8n's public API with the stack's key. */
	n8n(): N8nApi;
}

/**
 * Finds the stack that runs in a data folder.
 * @throws StackError `not-running` when there is none, or when it is still booting
 */
export async function openStack(dataDir: string = DEFAULT_DATA_DIR): Promise<RunningStack> {
	const found = layoutOf({ dataDir });
	const run = readRun(found);
	const secrets = await readSecrets(found.secretsFile);
	if (!isUp(found, run) || secrets === undefined) {
		throw new StackError('not-running', `No stack is ready in ${found.dataDir}.`, {
			advice: 'Start it with `./autopilot up`, or name its folder with --data DIR.',
		});
	}
	const layout = layoutOf({ dataDir, portBase: run.portBase });
	const environment = readStackEnvironment();
	const wiring = wire(layout, environment, secrets);
	return {
		...{ layout, secrets },
		urls: urlsOf(wiring),
		services: wiring.services,
		databaseUrl: wiring.databaseUrl,
		n8n: () => n8nApi(wiring.n8nUrl, environment.settings.N8N_API_KEY ?? secrets.n8n.apiKey ?? ''),
	};
}

export interface ComponentStatus {
	name: string;
	pid: number;
	state: 'ready' | 'not ready' | 'dead';
	/** Of the process and all its descendants. */
	memoryBytes: number;
}

export interface StackStatus {
	dataDir: string;
	/** `orphaned`: components run, but what supervised them is gone. */
	state: 'running' | 'booting' | 'orphaned' | 'stopped';
	supervisorPid: number | undefined;
	startedAt: string | undefined;
	urls: Record<string, string>;
	components: ComponentStatus[];
}

/** How a stack is right now: asks the process table and every component's own probe. */
export async function stackStatus(dataDir: string = DEFAULT_DATA_DIR): Promise<StackStatus> {
	const found = layoutOf({ dataDir });
	const run = readRun(found);
	const supervisor = supervisorOf(found);
	const layout = layoutOf({ dataDir, ...(run === undefined ? {} : { portBase: run.portBase }) });
	const memory = memoryOf((run?.components ?? []).map(({ pid }) => pid));
	const components = await Promise.all(
		(run?.components ?? []).map(async (component): Promise<ComponentStatus> => {
			const { name, pid } = component;
			const memoryBytes = memory.get(pid) ?? 0;
			if (!isAlive(component)) return { name, pid, state: 'dead', memoryBytes: 0 };
			const ready = await probe(layout, name).catch(() => false);
			return { name, pid, state: ready ? 'ready' : 'not ready', memoryBytes };
		}),
	);
	return {
		dataDir: layout.dataDir,
		state: isUp(found, run) ? 'running' : stateOf(supervisor !== undefined, components),
		supervisorPid: supervisor?.pid,
		startedAt: run?.startedAt,
		urls: run?.urls ?? {},
		components,
	};
}

const STOP_LIMIT_MS = 90_000;

/**
 * Stops the stack of a data folder: asks its supervisor, or ends what a dead one left behind.
 * @returns false when nothing was running
 * @throws StackError when the supervisor does not end
 */
export async function stopStack(dataDir: string = DEFAULT_DATA_DIR): Promise<boolean> {
	const layout = layoutOf({ dataDir });
	const supervisor = supervisorOf(layout);
	if (supervisor === undefined) return (await reclaim(layout)).length > 0;
	signalOne(supervisor, 'SIGTERM');
	const deadline = Date.now() + STOP_LIMIT_MS;
	while (isAlive(supervisor)) {
		if (Date.now() > deadline) {
			throw new StackError('start-failed', `Process ${supervisor.pid} does not stop.`, {
				advice: `kill -9 ${supervisor.pid}, then \`./autopilot down\` again: it ends what is left.`,
			});
		}
		await delay(100);
	}
	await reclaim(layout);
	return true;
}

/** Stops the stack of a data folder and deletes all its data, also what had to be kept outside of it. */
export async function deleteStack(dataDir: string): Promise<void> {
	await stopStack(dataDir);
	const layout = layoutOf({ dataDir });
	for (const folder of [layout.dataDir, outsideFolder(layout.dataDir)]) {
		await rm(folder, { recursive: true, force: true });
	}
}

function stateOf(supervised: boolean, components: ComponentStatus[]): StackStatus['state'] {
	if (supervised) return 'booting';
	return components.some(({ state }) => state !== 'dead') ? 'orphaned' : 'stopped';
}

async function probe({ ports }: Layout, name: string): Promise<boolean> {
	const signal = AbortSignal.timeout(2000);
	const local = (port: number, path: string) =>
		answersOk(`http://127.0.0.1:${port}${path}`, signal);
	const service = services.find((one) => name === one.name || name === `${one.name}-worker`);
	if (service !== undefined) {
		const process = name === service.name ? service.name : (`${service.name}-worker` as const);
		return await local(ports[process], '/readyz');
	}
	switch (name) {
		case 'n8n':
			return await local(ports.n8n, '/healthz/readiness');
		case 'mail':
			return await local(ports.inbox, '/healthz');
		case 'sample-world':
			return await local(ports.sampleWorld, '/');
		case 'redis':
			// Without the password it says so, which is an answer.
			return await speaks(ports.redis, '-NOAUTH', { say: 'PING\r\n', signal });
		default:
			return await speaks(ports.postgres, 'N', { say: SSL_REQUEST, signal });
	}
}

/** PostgreSQL's SSLRequest message; a server without TLS answers the one byte N. */
const SSL_REQUEST = '\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f';
