import { Worker } from 'node:worker_threads';

/** What MJML makes of a template, with the Liquid tags still in it. */
export interface Compiled {
	html: string;
	text: string;
}
export interface CompilerFault {
	/** In the MJML source. */
	line: number;
	message: string;
}
export interface CompilerTask {
	id: number;
	mjml: string;
}
/** Told when the thread begins with a task, which is after it has loaded MJML itself. */
export interface CompilerStart {
	begun: number;
}
export interface CompilerAnswer extends Compiled {
	id: number;
	faults: CompilerFault[];
}

export interface Compiler {
	/** @throws {CompilerTimeout} when a template keeps it busy for more than 10 s */
	compile(mjml: string): Promise<Compiled & { faults: CompilerFault[] }>;
	close(): Promise<void>;
}

export class CompilerTimeout extends Error {
	override readonly name = 'CompilerTimeout';
}

const TIMEOUT_MS = 10_000;
const IDLE_MS = 20_000;

/**
 * Compiles MJML in a thread that is started when it is needed, can be cut off, and goes when there is nothing more
 * to do, so that its memory is given back.
 */
export function createCompiler(): Compiler {
	let thread: Worker | undefined;
	let idle: NodeJS.Timeout | undefined;
	let counter = 0;
	let last: Promise<unknown> = Promise.resolve();

	const stop = async () => {
		clearTimeout(idle);
		const stopped = thread;
		thread = undefined;
		await stopped?.terminate();
	};
	const run = async (mjml: string): Promise<CompilerAnswer> => {
		clearTimeout(idle);
		thread ??= startThread();
		const id = ++counter;
		try {
			return await exchange(thread, { id, mjml });
		} catch (error) {
			await stop();
			throw error;
		} finally {
			idle = setTimeout(() => void stop(), IDLE_MS);
			idle.unref();
		}
	};
	return {
		compile(mjml) {
			// One at a time: two cores are better spent on sending.
			const answer = last.then(() => run(mjml));
			last = answer.catch(() => undefined);
			return answer;
		},
		close: stop,
	};
}

function startThread(): Worker {
	const thread = new Worker(new URL('./compiler-thread.ts', import.meta.url), {
		execArgv: ['--disable-warning=ExperimentalWarning'],
		resourceLimits: { maxOldGenerationSizeMb: 256 },
	});
	// What goes wrong is told to the task that is under way; without one nobody needs to know.
	return thread.on('error', () => undefined);
}

function exchange(thread: Worker, task: CompilerTask): Promise<CompilerAnswer> {
	const { promise, resolve, reject } = Promise.withResolvers<CompilerAnswer>();
	const onExit = () => reject(new CompilerTimeout('The compiler ran out of memory.'));
	const onTimeout = () =>
		reject(new CompilerTimeout(`The compiler took more than ${TIMEOUT_MS / 1000} s.`));
	let timer: NodeJS.Timeout | undefined;
	// A busy machine takes seconds to start the thread: no fault of the template.
	const onMessage = (told: CompilerStart | CompilerAnswer) => {
		if ('begun' in told) timer = setTimeout(onTimeout, TIMEOUT_MS);
		else resolve(told);
	};
	thread.on('message', onMessage).on('error', reject).on('exit', onExit);
	thread.ref();
	thread.postMessage(task);
	return promise.finally(() => {
		clearTimeout(timer);
		thread.off('message', onMessage).off('error', reject).off('exit', onExit);
		// A thread that waits for its next template must not keep a process alive that has nothing else to do.
		thread.unref();
	});
}
