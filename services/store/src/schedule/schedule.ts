import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { claimTurn } from './store.ts';

/** Something the worker does again and again. A run must be safe to repeat and to break off. */
export interface Task {
	name: string;
	/** How long after the start of a run the next one begins, in milliseconds; over all workers together. */
	everyMs: number;
	/** Opens its own transactions: a small one for each thing it deals with. */
	run(db: Database): Promise<void>;
}

/** How often a task looks whether it is its turn, at most. */
const LONGEST_NAP_MS = 60_000;

/**
 * Runs tasks in turns that all workers share: at any time at most one of them runs a task, and the next turn comes
 * `everyMs` after the last began, whoever had it. A run that throws is logged and comes again in its next turn.
 * @returns a function that starts nothing more and waits for what runs
 */
export function startSchedule(options: {
	db: Database;
	logger: Logger;
	tasks: readonly Task[];
}): () => Promise<void> {
	const stops = options.tasks.map((task) => startTask(task, options));
	return async () => {
		await Promise.all(stops.map((stop) => stop()));
	};
}

function startTask(task: Task, { db, logger }: { db: Database; logger: Logger }) {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();
	const turn = async () => {
		try {
			await runTurn(db, task);
		} catch (error) {
			logger.error({ err: error, task: task.name }, 'scheduled task failed');
		}
		if (stopped) return;
		timer = setTimeout(start, Math.min(task.everyMs, LONGEST_NAP_MS));
	};
	const start = () => {
		running = turn();
	};
	start();
	return async () => {
		stopped = true;
		clearTimeout(timer);
		await running;
	};
}

/**
 * Runs a task now if its turn has come and nobody else runs it.
 * @returns whether it ran
 */
export async function runTurn(db: Database, task: Task): Promise<boolean> {
	return db.transaction(async (tx) => {
		// The lock belongs to this transaction, which only waits while the task works in others.
		if (!(await claimTurn(tx, task))) return false;
		await task.run(db);
		return true;
	});
}
