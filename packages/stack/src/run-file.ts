import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOf, StackError } from './errors.ts';
import type { Layout } from './layout.ts';
import { lockHolder, takeLock } from './lock.ts';
import { processIdentity, type ProcessIdentity } from './process-identity.ts';

const runSchema = z.object({
	supervisor: processIdentity,
	portBase: z.int(),
	startedAt: z.iso.datetime(),
	/** Set once everything is ready. */
	readyAt: z.iso.datetime().optional(),
	urls: z.record(z.string(), z.string()),
	components: z.array(
		processIdentity.extend({ name: z.string(), stopSignal: z.enum(['SIGTERM', 'SIGINT']) }),
	),
});

/** What runs for a data folder: who supervises it, and every process it started, in order of start. */
export type Run = z.infer<typeof runSchema>;

/** The last record of a data folder's run, or undefined when it was stopped in order. */
export function readRun(layout: Layout): Run | undefined {
	try {
		return runSchema.parse(JSON.parse(readFileSync(layout.runFile, 'utf8')));
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw error;
	}
}

export function forgetRun(layout: Layout): void {
	rmSync(layout.runFile, { force: true });
}

/** Writes the record whole or not at all. Synchronous: a child must be on record before anything else can happen. */
export function writeRun(layout: Layout, run: Run): void {
	const draft = `${layout.runFile}.${process.pid}.tmp`;
	writeFileSync(draft, `${JSON.stringify(run, null, '\t')}\n`, { mode: 0o600 });
	renameSync(draft, layout.runFile);
}

/**
 * Makes this process the one supervisor of a data folder.
 * @throws StackError when another one lives
 * @returns a function that gives the folder free again
 */
export function superviseAlone(layout: Layout): () => void {
	mkdirSync(layout.dataDir, { recursive: true });
	const lock = takeLock(layout.lockFile);
	if (typeof lock !== 'function') throw alreadyRunning(layout, lock);
	return lock;
}

/** The living supervisor of a data folder, if there is one. */
export function supervisorOf(layout: Layout): ProcessIdentity | undefined {
	return lockHolder(layout.lockFile);
}

/** Whether a record tells of a stack that is up: its own supervisor lives, not one that is just clearing up after it. */
export function isUp(layout: Layout, run: Run | undefined): run is Run {
	return run?.readyAt !== undefined && supervisorOf(layout)?.startedAt === run.supervisor.startedAt;
}

function alreadyRunning(layout: Layout, holder: ProcessIdentity): StackError {
	return new StackError(
		'already-running',
		`The stack in ${layout.dataDir} is running already, supervised by process ${holder.pid}.`,
		{
			advice:
				'`./autopilot status` shows it, `./autopilot down` stops it; another one beside it takes --data DIR and --port-base N.',
		},
	);
}
