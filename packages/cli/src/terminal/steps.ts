import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { colour, duration } from './print.ts';

/** A line on the terminal that is being worked at. */
export interface Line {
	/** What it is at now, shown beneath it. Without a terminal only every few seconds, so that logs stay short. */
	detail(text: string): void;
}

export interface Step<Result = unknown> {
	title: string;
	/** Resolves with what stands behind the title when it is done; `tookMs` if the step knows better how long it took. */
	work: (line: Line) => Promise<Done<Result>>;
}

export interface Done<Result = unknown> {
	result: Result;
	note?: string;
	tookMs?: number;
}

const QUIET_MS = 10_000;

let toStderr = false;

/** With --json stdout belongs to the document; steps then go to stderr as plain lines. */
export function showOnStderr(): void {
	toStderr = true;
}

/**
 * Shows steps while they work, each with a spinner, then a tick and the time it took; all at once.
 * Without a terminal a line when a step begins and one when it ends.
 * @throws what the first failing step throws
 */
export async function runSteps(steps: Step[]): Promise<void> {
	const plain = toStderr || !isWideTerminal();
	const list = new Listr(
		steps.map(({ title, work }) => ({
			title,
			task: async (_context: unknown, task: { title: string; output: string }) => {
				const startedAt = Date.now();
				const { note = '', tookMs = Date.now() - startedAt } = await work(lineOn(task, plain));
				task.title = [title, note, colour('dim', duration(tookMs))]
					.filter((part) => part !== '')
					.join('  ');
			},
		})),
		{
			concurrent: true,
			registerSignalListeners: false,
			renderer: plain ? 'simple' : 'default',
			rendererOptions: plain ? plainOutput() : { collapseErrors: false, showErrorMessage: false },
		},
	);
	await list.run();
}

/** One step on its own. */
export async function runStep<Result>(step: Step<Result>): Promise<Result> {
	const done = Promise.withResolvers<Result>();
	// Whoever awaits the list hears of a failure first; this promise must not be a second, unheard one.
	done.promise.catch(() => undefined);
	await runSteps([
		{
			title: step.title,
			async work(line) {
				const ended = await step.work(line);
				done.resolve(ended.result);
				return ended;
			},
		},
	]);
	return await done.promise;
}

function plainOutput() {
	const stream = toStderr ? process.stderr : process.stdout;
	return { logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }) };
}

function lineOn(task: { output: string }, plain: boolean): Line {
	let shown = '';
	let shownAt = 0;
	return {
		detail(text) {
			const tooSoon = plain && Date.now() - shownAt < QUIET_MS;
			if (text === shown || tooSoon) return;
			[shown, shownAt] = [text, Date.now()];
			task.output = text;
		},
	};
}

/** Some terminals call themselves 0 columns wide (script, serial lines), and every letter would get its own line. */
function isWideTerminal(): boolean {
	return process.stdout.isTTY && process.stdout.columns >= 40;
}
