import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deleteStack, findPortBase, memoryOf, startStack, type Stack } from './src/index.ts';

export interface Figure {
	name: string;
	value: number;
	unit: string;
	/** Above this it is not acceptable. */
	limit?: number;
	/** What it aims at. */
	goal?: number;
	ok: boolean;
}

const GOAL_BOOT_S = 1.5;
const GOAL_SERVICE_MB = 120;
const GOAL_WARM_S = 20;
const LIMIT_WARM_S = 60;

/** Boot times and memory of the whole stack and of each process, on a data folder of its own. */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-bench-'));
	const portBase = await findPortBase();
	const start = () => startStack({ dataDir, portBase, sampleWorld: true });
	const figures: Figure[] = [];
	let stack: Stack | undefined;
	try {
		const cold = await timed(start);
		figures.push(figure('cold start (n8n installed, new data folder)', cold.seconds, 's'));
		stack = cold.result;
		figures.push(figure('stop', (await timed(() => cold.result.stop())).seconds, 's'));

		const warm = await timed(start);
		stack = warm.result;
		figures.push(
			figure('warm start', warm.seconds, 's', { goal: GOAL_WARM_S, limit: LIMIT_WARM_S }),
		);
		figures.push(...memoryFigures(stack), ...(await bootFigures(stack)));
	} finally {
		await stack?.stop();
		await deleteStack(dataDir);
	}
	return { name: 'stack', figures };
}

/** Each process on its own, stopped and started again while all others run. */
async function bootFigures(stack: Stack): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const component of stack.components.filter(({ name }) => isOurs(name))) {
		await component.stop();
		const { seconds } = await timed(() => component.start());
		figures.push(figure(`boot of ${component.name}`, seconds, 's', { goal: GOAL_BOOT_S }));
	}
	return figures;
}

function memoryFigures(stack: Stack): Figure[] {
	const pids = stack.components.map(({ pid }) => pid ?? 0);
	const memory = memoryOf(pids);
	const figures = stack.components.map(({ name, pid }) =>
		figure(
			`memory of ${name} (PSS, with its children)`,
			(memory.get(pid ?? 0) ?? 0) / 1e6,
			'MB',
			isOurs(name) ? { goal: GOAL_SERVICE_MB } : {},
		),
	);
	const total = figures.reduce((sum, { value }) => sum + value, 0);
	return [...figures, figure('memory of all (PSS)', total, 'MB')];
}

/** Services and workers are this project's own; the goals are about them. */
function isOurs(name: string): boolean {
	return /^(store|marketing-suite|video-factory|research-bot)(-worker)?$/.test(name);
}

async function timed<Result>(work: () => Promise<Result>) {
	const startedAt = performance.now();
	const result = await work();
	return { result, seconds: (performance.now() - startedAt) / 1000 };
}

function figure(
	name: string,
	value: number,
	unit: string,
	bounds: { goal?: number; limit?: number } = {},
): Figure {
	const bound = bounds.limit ?? bounds.goal;
	return {
		...{ name, unit, ...bounds },
		value: Math.round(value * 100) / 100,
		ok: bound === undefined || value <= bound,
	};
}
