import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StackError } from './errors.ts';
import {
	identify,
	killGroupRemains,
	signalGroup,
	signalOne,
	type ProcessIdentity,
} from './process-identity.ts';

/** How to start, judge and stop one process. */
export interface ProcessPlan {
	name: string;
	file: string;
	args: string[];
	env: Record<string, string>;
	cwd: string;
	/** Run as this user (PostgreSQL refuses root). */
	user?: { uid: number; gid: number };
	/** Asked every 50 ms; may also throw, which means "not yet". */
	isReady: (signal: AbortSignal) => Promise<boolean>;
	readyWithinMs: number;
	stopSignal: 'SIGTERM' | 'SIGINT';
	/** How long it may take to stop before it is killed. */
	stopWithinMs: number;
}

export type ProcessState = 'stopped' | 'starting' | 'ready' | 'crashed' | 'stopping';

export interface SupervisedEvents {
	onState: (state: ProcessState, detail?: string) => void;
	/** Called as soon as a pid exists and again when it is gone. */
	onProcess: (process: ProcessIdentity | undefined) => void;
}

const POLL_MS = 50;
const BACK_OFF_MS = [200, 500, 1000, 2000, 5000, 10_000, 30_000];
/** A process that has lived this long has recovered; its next crash is restarted at once. */
const STABLE_MS = 30_000;
const LOG_ROTATE_BYTES = 20_000_000;

/**
 * Keeps one process alive: starts it in a process group of its own with its output in a file (so it survives
 * this process and can be found again), waits until it is ready, and starts it again with back-off when it ends unasked.
 */
export class Supervised {
	readonly logFile: string;
	readonly #plan: ProcessPlan;
	readonly #events: SupervisedEvents;
	#state: ProcessState = 'stopped';
	#identity: ProcessIdentity | undefined;
	#exit: Promise<string> | undefined;
	#readyWaiters: (() => void)[] = [];
	#stopping = new AbortController();
	#restarts = 0;
	#lastProbe = 'it answers, but not that it is ready';

	constructor(plan: ProcessPlan, logs: string, events: SupervisedEvents) {
		this.#plan = plan;
		this.#events = events;
		this.logFile = path.join(logs, `${plan.name}.log`);
	}

	get name(): string {
		return this.#plan.name;
	}

	get state(): ProcessState {
		return this.#state;
	}

	get pid(): number | undefined {
		return this.#identity?.pid;
	}

	/** How often it had to be started again since `start()`. */
	get restarts(): number {
		return this.#restarts;
	}

	/**
	 * Starts the process and resolves when it is ready.
	 * @throws StackError with the end of its log when it ends or stays silent instead; a first start is not tried twice
	 */
	async start(): Promise<void> {
		this.#stopping = new AbortController();
		rotate(this.logFile);
		try {
			await this.#launch();
		} catch (error) {
			await this.stop();
			throw error;
		}
		void this.#keepAlive();
	}

	/** Resolves when it is ready (again). */
	ready(): Promise<void> {
		if (this.#state === 'ready') return Promise.resolve();
		return new Promise((resolve) => {
			this.#readyWaiters.push(resolve);
		});
	}

	/** Sends a signal to the process and its group; the supervisor sees to what follows. */
	kill(signal: NodeJS.Signals): void {
		if (this.#identity !== undefined) signalGroup(this.#identity, signal);
	}

	/** Asks it to end, then insists. Safe to call twice and in any state. */
	async stop(options: { force?: boolean } = {}): Promise<void> {
		this.#stopping.abort();
		const [identity, exit] = [this.#identity, this.#exit];
		if (identity !== undefined && exit !== undefined) {
			this.#become('stopping');
			// The leader alone is asked: it ends its own children in its own order.
			signalOne(identity, options.force === true ? 'SIGKILL' : this.#plan.stopSignal);
			const inTime = await Promise.race([
				exit.then(() => true),
				delay(this.#plan.stopWithinMs, false, { ref: false }),
			]);
			if (!inTime) signalGroup(identity, 'SIGKILL');
			await exit;
		}
		this.#become('stopped');
	}

	async #launch(): Promise<void> {
		const child = this.#spawn();
		this.#become('starting');
		const startedAt = Date.now();
		const deadline = startedAt + this.#plan.readyWithinMs;
		const exit = this.#exit ?? Promise.resolve('');
		let ended: string | undefined;
		void exit.then((how) => (ended = how));
		while (ended === undefined && Date.now() < deadline && !this.#stopping.signal.aborted) {
			if (await this.#probe()) {
				this.#become('ready', `pid ${child.pid ?? 0}`);
				return;
			}
			await delay(POLL_MS);
		}
		if (this.#stopping.signal.aborted)
			throw new StackError('start-failed', `${this.name} was stopped while it started.`, {
				advice: 'Start the stack again.',
			});
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		const what = ended ?? `was not ready after ${seconds} s (${this.#lastProbe})`;
		throw new StackError(
			'start-failed',
			`${this.name} ${what}.\n${await lastLines(this.logFile, 12)}`,
			{
				advice: `The whole log is in ${this.logFile}; \`./autopilot doctor\` looks for usual causes.`,
			},
		);
	}

	async #probe(): Promise<boolean> {
		try {
			return await this.#plan.isReady(AbortSignal.timeout(2000));
		} catch (error) {
			// Refused, reset or too slow: all of them mean "not yet"; the deadline ends the waiting.
			this.#lastProbe = messageOf(error);
			return false;
		}
	}

	#spawn(): ChildProcess {
		mkdirSync(path.dirname(this.logFile), { recursive: true, mode: 0o700 });
		const log = openSync(this.logFile, 'a', 0o640);
		writeSync(log, `--- ${new Date().toISOString()} ${this.name} starts\n`);
		const { file, args, env, cwd, user } = this.#plan;
		const child = spawn(file, args, {
			...{ env, cwd, ...user },
			detached: true,
			stdio: ['ignore', log, log],
		});
		closeSync(log);
		this.#exit = new Promise((resolve) => {
			child.once('error', (error) => resolve(`could not be started: ${error.message}`));
			child.once('exit', (code, signal) =>
				resolve(signal === null ? `ended with code ${code ?? 0}` : `was killed by ${signal}`),
			);
		});
		// Registered first, so that no child is ever alive and unknown to the run file.
		this.#identity = child.pid === undefined ? undefined : identify(child.pid);
		this.#events.onProcess(this.#identity);
		void this.#exit.then(() => {
			if (child.pid !== undefined) killGroupRemains(child.pid);
			if (this.#identity?.pid !== child.pid) return;
			this.#identity = undefined;
			this.#events.onProcess(undefined);
		});
		return child;
	}

	async #keepAlive(): Promise<void> {
		let failures = 0;
		for (;;) {
			const readyAt = Date.now();
			const how = await this.#exit;
			if (this.#stopping.signal.aborted) return;
			if (Date.now() - readyAt > STABLE_MS) failures = 0;
			for (let up = false; !up;) {
				const wait = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 0;
				failures += 1;
				this.#become('crashed', `${how ?? ''}; starting again in ${wait / 1000} s`);
				try {
					await delay(wait, undefined, { signal: this.#stopping.signal });
					this.#restarts += 1;
					await this.#launch();
					up = true;
				} catch (error) {
					if (this.#stopping.signal.aborted) return;
					if (!(error instanceof StackError)) throw error;
					this.kill('SIGKILL');
					await this.#exit;
				}
			}
		}
	}

	#become(state: ProcessState, detail?: string): void {
		if (state === this.#state && detail === undefined) return;
		this.#state = state;
		this.#events.onState(state, detail);
		if (state !== 'ready') return;
		for (const resolve of this.#readyWaiters.splice(0)) resolve();
	}
}

/** The last lines of a log, for a message. */
export async function lastLines(file: string, count: number): Promise<string> {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text
		.trimEnd()
		.split('\n')
		.slice(-count)
		.map((line) => `  ${line}`)
		.join('\n');
}

function rotate(file: string): void {
	const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
	if (size > LOG_ROTATE_BYTES) renameSync(file, `${file}.1`);
}
