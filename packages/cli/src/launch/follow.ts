import { setTimeout as delay } from 'node:timers/promises';
import type { N8nApi } from '@autopilot/stack';
import { CommandError } from '../exit.ts';
import { bar, duration } from '../terminal/print.ts';
import { runStep, type Done, type Line } from '../terminal/steps.ts';
import {
	listExecutions,
	readExecution,
	type Execution,
	type NodeRun,
	type Workflow,
} from './execution.ts';
import type { LaunchServices } from './services.ts';

const POLL_MS = 400;
/** The store delivers its event within a second or two, and tries again after 5, 35 and 155. */
const APPEARS_WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 30 * 60_000;

/** Waits for the execution that a product's event has started. */
export async function findExecution(
	n8n: N8nApi,
	workflow: Workflow,
	options: { productId: string; since: ReadonlySet<string>; signal: AbortSignal },
): Promise<Execution> {
	const deadline = Date.now() + APPEARS_WITHIN_MS;
	while (Date.now() < deadline) {
		for (const id of await listExecutions(n8n, workflow.id)) {
			if (options.since.has(id)) continue;
			const execution = await readExecution(n8n, workflow, id);
			const isOurs = execution.runs.some(({ items }) =>
				items.some((item) => JSON.stringify(item).includes(options.productId)),
			);
			if (isOurs) return execution;
		}
		await delay(POLL_MS, undefined, { signal: options.signal });
	}
	throw new CommandError(`n8n did not start ${workflow.id} for ${options.productId}.`, {
		advice:
			'Is the workflow published in the editor? `./autopilot deliveries list --service store --state pending` shows what the store could not deliver.',
	});
}

/**
 * Shows each step of an execution as n8n does it, and returns the execution when it has ended, however it ended.
 */
export async function followExecution(
	n8n: N8nApi,
	workflow: Workflow,
	id: string,
	options: { services: LaunchServices; signal: AbortSignal; watch?: Watch },
): Promise<Execution> {
	const view = new ExecutionView(workflow, options.services, options.watch);
	const deadline = Date.now() + ENDS_WITHIN_MS;
	for (;;) {
		const execution = await readExecution(n8n, workflow, id);
		await view.show(execution);
		if (execution.ended) return execution;
		if (Date.now() > deadline) {
			throw new CommandError(`Execution ${id} has not ended after ${duration(ENDS_WITHIN_MS)}.`, {
				advice: 'The editor shows where it stands; the stack goes on working at it.',
			});
		}
		await delay(POLL_MS, undefined, { signal: options.signal });
	}
}

interface OpenStep {
	node: string;
	end: PromiseWithResolvers<Done>;
	shown: Promise<unknown>;
}

/** Turns successive states of an execution into lines: at most one open step, finished ones above it. */
class ExecutionView {
	readonly #workflow: Workflow;
	readonly #services: LaunchServices;
	readonly #watch: Watch | undefined;
	readonly #shown = new Set<string>();
	#open: OpenStep | undefined;

	constructor(workflow: Workflow, services: LaunchServices, watch?: Watch) {
		this.#watch = watch;
		this.#workflow = workflow;
		this.#services = services;
	}

	async show(execution: Execution): Promise<void> {
		for (const run of execution.runs) {
			if (run.state === 'waiting' || this.#shown.has(run.node)) continue;
			if (this.#open !== undefined && this.#open.node !== run.node) await this.#abandon();
			if (this.#open === undefined) this.#begin(run.node);
			await this.#finish(run);
		}
		const next = execution.current.find((node) => !this.#shown.has(node));
		if (this.#open === undefined && next !== undefined) this.#begin(next);
		if (execution.ended) await this.#abandon();
	}

	#begin(node: string): void {
		const end = Promise.withResolvers<Done>();
		const type = this.#workflow.nodes.find(({ name }) => name === node)?.type ?? '';
		const shown = runStep({
			title: node,
			work: async (line) => {
				const stop = watchProgress(type, this.#services, line, this.#watch);
				try {
					return await end.promise;
				} finally {
					stop();
				}
			},
		}).catch(() => undefined);
		this.#open = { node, end, shown };
	}

	async #finish(run: NodeRun): Promise<void> {
		const open = this.#open;
		this.#shown.add(run.node);
		this.#open = undefined;
		if (open === undefined) return;
		if (run.state === 'failed') open.end.reject(new Error(run.error ?? 'failed'));
		else open.end.resolve({ result: undefined });
		await open.shown;
	}

	/** The guess was wrong: another branch went on first, or the execution ended here. */
	async #abandon(): Promise<void> {
		const open = this.#open;
		this.#open = undefined;
		open?.end.resolve({ note: '(not taken)', result: undefined });
		await open?.shown;
	}
}

const WATCH_MS = 500;

/** Shows how far the service behind a node is, while n8n waits for it. Returns a function that ends it. */
function watchProgress(
	type: string,
	...[services, line, watch]: [LaunchServices, Line, Watch?]
): () => void {
	const look = WATCHERS[type.split('.').at(-1) ?? ''] ?? watch;
	if (look === undefined) return () => undefined;
	const timer = setInterval(() => {
		// A look that fails is only a line that stays as it was; the execution itself tells of failures.
		look(services).then(
			(text) => text !== undefined && line.detail(text),
			() => undefined,
		);
	}, WATCH_MS);
	return () => clearInterval(timer);
}

/** Looks how far something is; undefined when there is nothing to tell. */
type Watch = (services: LaunchServices) => Promise<string | undefined>;

const WATCHERS: Record<string, Watch> = {
	async videoFactory(services) {
		const { status, progress } = (await services.latestVideoTask()) ?? {};
		if (status !== 'running' || !progress) return undefined;
		return `${bar(progress.percent)}  ${progress.step ?? ''}`;
	},
	async researchBot(services) {
		const { status, progress } = (await services.latestScrape()) ?? {};
		if (status !== 'running' || !progress) return undefined;
		return `${bar(progress.percent)}  ${progress.step ?? ''}`;
	},
	async marketingSuite(services) {
		const campaign = await services.latestCampaign();
		if (campaign === undefined) return undefined;
		const { audience, sent } = await services.analytics(campaign.id);
		if (audience === 0 || sent === 0 || sent === audience) return undefined;
		return `${bar((sent / audience) * 100)}  ${sent} of ${audience} mails`;
	},
};
