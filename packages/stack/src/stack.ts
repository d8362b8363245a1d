import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { n8nApi } from '@autopilot/workflow-deploy';
import type { Component, StackContext } from './component.ts';
import { readStackEnvironment } from './config.ts';
import { StackError } from './errors.ts';
import { layoutOf, DEFAULT_DATA_DIR, projectRoot, type Layout } from './layout.ts';
import type { RunningStack } from './operate.ts';
import { inOrder, stopInOrder } from './order.ts';
import { requireFreePorts } from './ports.ts';
import { selfIdentity } from './process-identity.ts';
import { reclaim } from './reclaim.ts';
import { forgetRun, superviseAlone, writeRun, type Run } from './run-file.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { resolveName, selectComponents } from './selection.ts';
import type { ServiceName } from './services.ts';
import { Supervised, type ProcessState } from './supervised.ts';
import { urlsOf, wire, type StackUrls } from './wiring.ts';

export interface StackOptions {
	/** `.autopilot` in the checkout by default. */
	dataDir?: string;
	/** 4000 by default; the stack takes the 99 ports from there (and 5678 and 5679 for n8n with the default). */
	portBase?: number;
	/** Names of components or services; what they stand on comes along. All but the sample world by default. */
	only?: string[];
	sampleWorld?: boolean;
	/** Folder of workflow JSON for n8n; `workflows/` of the checkout by default, false for none. */
	workflows?: string | false;
	/** Read instead of the process's environment: replacements (DATABASE_URL ...) and operator settings. */
	environment?: Record<string, string | undefined>;
	/** Variables on top of a component's own, by component name: `{ 'marketing-suite-worker': { SEND_RATE_PER_SECOND: '5' } }`. */
	overrides?: Record<string, Record<string, string>>;
	/** Told once, before anything starts: every component of this stack, in order. */
	onPlan?: (components: { name: string; label: string }[]) => void;
	onProgress?: (progress: Progress) => void;
	/** Ends the boot when aborted: what has started is stopped and `startStack` rejects. */
	signal?: AbortSignal;
}

/** One thing that happened to one component. */
export interface Progress {
	component: string;
	label: string;
	state: ProcessState | 'preparing' | 'replaced' | 'reclaimed';
	detail?: string;
	/** Since the boot began. */
	elapsedMs: number;
	/** With `ready`: what this component alone took, without waiting for others. */
	tookMs?: number;
}

export interface StackComponent {
	name: string;
	label: string;
	readonly state: ProcessState;
	readonly pid: number | undefined;
	readonly restarts: number;
	logFile: string;
	/** Sends a signal to the process and its group; it is started again when that ended it. */
	kill(signal: NodeJS.Signals): void;
	/** Resolves when it is ready (again). */
	ready(): Promise<void>;
	stop(): Promise<void>;
	start(): Promise<void>;
}

export interface Stack extends RunningStack {
	components: StackComponent[];
	/** @param name  its name, or short: `video-worker` for `video-factory-worker`. Throws StackError for an unknown one. */
	component(name: string): StackComponent;
	redisUrl(service: ServiceName): string;
	/** Stops all components in reverse order, gracefully, then by force. Safe to call twice. */
	stop(options?: { force?: boolean }): Promise<void>;
}

/**
 * Boots a stack and resolves when every component is ready. What a killed supervisor left behind in the same data
 * folder is ended first.
 * @throws StackError with advice; nothing is left running then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
	const layout = layoutOf({
		dataDir: options.dataDir ?? DEFAULT_DATA_DIR,
		...(options.portBase === undefined ? {} : { portBase: options.portBase }),
	});
	const environment = readStackEnvironment(options.environment ?? process.env);
	const release = superviseAlone(layout);
	const bootedAt = Date.now();
	const tell = (
		component: Pick<Component, 'name' | 'label'>,
		what: Omit<Progress, 'component' | 'label' | 'elapsedMs'>,
	) =>
		options.onProgress?.({
			component: component.name,
			label: component.label,
			elapsedMs: Date.now() - bootedAt,
			...what,
		});
	const abort = new AbortController();
	try {
		mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
		const left = await reclaim(layout);
		if (left.length > 0) {
			tell({ name: 'stack', label: 'Stack' }, { state: 'reclaimed', detail: left.join(', ') });
		}
		const secrets = await loadOrCreateSecrets(layout.secretsFile);
		const wiring = wire(layout, environment, secrets);
		const context: StackContext = {
			...{ layout, environment, secrets, wiring },
			workflows: workflowFolder(options.workflows),
			overrides: Object.fromEntries(
				Object.entries(options.overrides ?? {}).map(([name, own]) => [resolveName(name), own]),
			),
			signal: abort.signal,
		};
		const components = selectComponents(context, options);
		for (const [name, variable] of wiring.replaced) {
			tell({ name, label: name }, { state: 'replaced', detail: variable });
		}
		await requireFreePorts(components.flatMap(({ ports }) => ports));
		options.onPlan?.(components.map(({ name, label }) => ({ name, label })));

		const supervised = new Map<string, Supervised>();
		const urls = urlsOf(wiring);
		const record = recorder(layout, urls);
		const stopAll = once(async (force: boolean) => {
			abort.abort();
			await stopInOrder(components, supervised, force);
			forgetRun(layout);
			release();
		});
		const start = (component: Component) =>
			startComponent(component, { context, supervised, record, tell });
		const stopOnAbort = () => void stopAll(false);
		options.signal?.addEventListener('abort', stopOnAbort, { once: true });
		await inOrder(components, start, () => stopAll(false));
		options.signal?.removeEventListener('abort', stopOnAbort);
		record.ready();
		const find = (name: string) => {
			const full = resolveName(name);
			const [component, process] = [
				components.find((one) => one.name === full),
				supervised.get(full),
			];
			if (component !== undefined && process !== undefined) return handle(component, process);
			throw new StackError('unknown-component', `This stack has no component ${name}.`, {
				advice: `It has ${[...supervised.keys()].join(', ')}.`,
			});
		};
		return {
			...{ layout, urls, secrets, services: wiring.services },
			components: [...supervised.keys()].map(find),
			component: find,
			databaseUrl: wiring.databaseUrl,
			redisUrl: wiring.redisUrl,
			n8n: () =>
				n8nApi(wiring.n8nUrl, environment.settings.N8N_API_KEY ?? secrets.n8n.apiKey ?? ''),
			stop({ force = false } = {}) {
				// Also when an orderly stop is under way already: that is what a second Ctrl-C is for.
				if (force) for (const process of supervised.values()) process.kill('SIGKILL');
				return stopAll(force);
			},
		};
	} catch (error) {
		release();
		throw error;
	}
}

interface BootTools {
	context: StackContext;
	supervised: Map<string, Supervised>;
	record: ReturnType<typeof recorder>;
	tell: (component: Component, what: Omit<Progress, 'component' | 'label' | 'elapsedMs'>) => void;
}

async function startComponent(component: Component, tools: BootTools): Promise<void> {
	const { context, supervised, record, tell } = tools;
	const startedAt = Date.now();
	const report = (detail: string) => tell(component, { state: 'preparing', detail });
	context.signal.throwIfAborted();
	tell(component, { state: 'preparing' });
	await component.prepare?.(report);
	context.signal.throwIfAborted();
	let booting = true;
	if (component.plan !== undefined) {
		const plan = component.plan();
		const process = new Supervised(plan, context.layout.logs, {
			onState: (state, detail) => {
				// The first "ready" is told below, when what follows it is done too.
				if (state === 'ready' && booting) return;
				tell(component, { state, ...(detail === undefined ? {} : { detail }) });
			},
			onProcess: (identity) => record.process(component.name, plan.stopSignal, identity),
		});
		supervised.set(component.name, process);
		await process.start();
	}
	await component.finish?.(report);
	booting = false;
	const detail = component.detail?.();
	tell(component, {
		state: 'ready',
		tookMs: Date.now() - startedAt,
		...(detail === undefined ? {} : { detail }),
	});
}

/** Keeps run.json true: whoever finds it after a crash knows every process by pid and start time. */
function recorder(layout: Layout, urls: StackUrls) {
	const run: Run = {
		supervisor: selfIdentity(),
		portBase: layout.portBase,
		startedAt: new Date().toISOString(),
		urls: { ...urls },
		components: [],
	};
	writeRun(layout, run);
	return {
		process(
			name: string,
			stopSignal: 'SIGTERM' | 'SIGINT',
			identity: { pid: number; startedAt: string } | undefined,
		) {
			run.components = run.components.filter((component) => component.name !== name);
			if (identity !== undefined) run.components.push({ ...identity, name, stopSignal });
			writeRun(layout, run);
		},
		ready() {
			run.readyAt = new Date().toISOString();
			writeRun(layout, run);
		},
	};
}

function handle(component: Component, process: Supervised): StackComponent {
	return {
		name: component.name,
		label: component.label,
		logFile: process.logFile,
		get state() {
			return process.state;
		},
		get pid() {
			return process.pid;
		},
		get restarts() {
			return process.restarts;
		},
		kill: (signal) => process.kill(signal),
		ready: () => process.ready(),
		stop: () => process.stop(),
		start: () => process.start(),
	};
}

function workflowFolder(given: string | false | undefined): string | undefined {
	return given === false ? undefined : (given ?? path.join(projectRoot, 'workflows'));
}

function once<Argument>(work: (argument: Argument) => Promise<void>) {
	let running: Promise<void> | undefined;
	return (argument: Argument) => (running ??= work(argument));
}
