import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import { codeOf, outputOf } from './errors.ts';

/**
 * One process, for good: a pid alone is recycled by the kernel, pid and start time together are not.
 * `startedAt` is opaque: boot id and clock ticks on Linux, the text of `ps -o lstart` elsewhere.
 */
export const processIdentity = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** The variable every child of a stack carries, so that strays of strays are found too (ffmpeg, Chromium). */
export const MARKER = 'AUTOPILOT_STACK';

const onLinux = existsSync('/proc/self/stat');

/** Who runs under this pid now, or undefined when nobody does. A zombie counts as nobody: it holds nothing. */
export function identify(pid: number): ProcessIdentity | undefined {
	const startedAt = onLinux ? startOnLinux(pid) : startByPs(pid);
	return startedAt === undefined ? undefined : { pid, startedAt };
}

/** This process itself. */
export function selfIdentity(): ProcessIdentity {
	const self = identify(process.pid);
	if (self === undefined) throw new Error('This process cannot see itself in the process table.');
	return self;
}

/** Whether exactly this process still runs. */
export function isAlive(process: ProcessIdentity): boolean {
	return identify(process.pid)?.startedAt === process.startedAt;
}

/**
 * Sends a signal to the process group led by `process` and to the process itself.
 * @returns false when it is gone or the pid belongs to somebody else now
 */
export function signalGroup(process: ProcessIdentity, signal: NodeJS.Signals): boolean {
	if (!isAlive(process)) return false;
	return send(-process.pid, signal) || send(process.pid, signal);
}

/** Sends a signal to this process alone; false when it is gone. */
export function signalOne(process: ProcessIdentity, signal: NodeJS.Signals): boolean {
	return isAlive(process) && send(process.pid, signal);
}

/** Kills what is left of a group whose leader is dead: its id cannot be recycled while members live. */
export function killGroupRemains(leader: number): void {
	send(-leader, 'SIGKILL');
}

/** All processes whose environment names this data folder; only Linux can tell, elsewhere the list is empty. */
export function findMarked(dataDir: string): ProcessIdentity[] {
	if (!onLinux) return [];
	const marker = `${MARKER}=${dataDir}`;
	const found: ProcessIdentity[] = [];
	for (const entry of readdirSync('/proc')) {
		const pid = Number(entry);
		if (!Number.isInteger(pid) || pid === process.pid) continue;
		const environment = readProc(`/proc/${entry}/environ`);
		if (environment?.split('\0').includes(marker) !== true) continue;
		const identity = identify(pid);
		if (identity !== undefined) found.push(identity);
	}
	return found;
}

function send(target: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(target, signal);
		return true;
	} catch (error) {
		// ESRCH: gone between the look and the signal. EPERM: not ours, so not our child.
		if (codeOf(error) !== undefined) return false;
		throw error;
	}
}

function startOnLinux(pid: number): string | undefined {
	const stat = readProc(`/proc/${pid}/stat`);
	if (stat === undefined) return undefined;
	// The command may contain spaces and brackets; the fields begin after its last bracket (proc(5): 3 is the state, 22 the start).
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [state, start] = [fields[0], fields[19]];
	if (state === 'Z' || state === 'X' || start === undefined) return undefined;
	return `${bootId()}/${start}`;
}

let knownBootId: string | undefined;
function bootId(): string {
	knownBootId ??= (readProc('/proc/sys/kernel/random/boot_id') ?? 'unknown').trim();
	return knownBootId;
}

function startByPs(pid: number): string | undefined {
	try {
		const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
		const [state = '', ...start] = line.split(/\s+/);
		return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
	} catch (error) {
		// ps ends with 1 when there is no such process.
		if (outputOf(error, 'stdout') === '') return undefined;
		throw error;
	}
}

function readProc(file: string): string | undefined {
	try {
		return readFileSync(file, 'latin1');
	} catch (error) {
		// The process ended while we looked, or it belongs to another user.
		if (codeOf(error) !== undefined) return undefined;
		throw error;
	}
}
