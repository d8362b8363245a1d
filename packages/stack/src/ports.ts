import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { codeOf, StackError } from './errors.ts';
import { layoutOf } from './layout.ts';

export interface PortNeed {
	port: number;
	/** What needs it, in words for the operator: "store API". */
	purpose: string;
}

export interface PortHolder {
	pid: number;
	command: string;
}

/**
 * Checks that every port can be listened on.
 * @throws StackError that names each taken port, what it was for, who holds it, and the way out
 */
export async function requireFreePorts(needs: PortNeed[]): Promise<void> {
	const taken = (
		await Promise.all(needs.map(async (need) => ((await isFree(need.port)) ? [] : [need])))
	).flat();
	if (taken.length === 0) return;
	const lines = await Promise.all(
		taken.map(async (need) => describeTaken(need, await findPortHolder(need.port))),
	);
	throw new StackError('port-taken', lines.join('\n'), {
		advice:
			'Stop what holds the port, or let this stack use others: --port-base 5000 (any base; it takes the 99 ports from there).',
	});
}

/** A port base whose hundred is free right now, for a stack beside others; given to nobody else while this process lives. */
export async function findPortBase(): Promise<number> {
	for (;;) {
		// Above the default stack, below the range from which kernels take ports for outgoing connections.
		const base = 6000 + 100 * Math.floor(Math.random() * 260);
		const ports = Object.values(layoutOf({ dataDir: '.', portBase: base }).ports);
		const free = await Promise.all(ports.map(isFree));
		if (free.every(Boolean) && (await claim(base))) return base;
	}
}

/** Holds the last port of the hundred, which no stack uses: until a stack listens, nothing else shows that it will. */
function claim(base: number): Promise<boolean> {
	return new Promise((resolve) => {
		const holder = createServer().unref();
		holder.once('error', () => resolve(false));
		holder.listen({ port: base + 99, host: '127.0.0.1', exclusive: true }, () => resolve(true));
	});
}

/** One line for the operator about a port that cannot be had. */
export function describeTaken(need: PortNeed, holder: PortHolder | undefined): string {
	const who =
		holder === undefined
			? 'a process that this user may not see'
			: `process ${holder.pid} (${holder.command})`;
	return `Port ${need.port}, needed for the ${need.purpose}, is held by ${who}.`;
}

/** Whether 127.0.0.1:port can be listened on right now. */
export function isFree(port: number): Promise<boolean> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', (error) => {
			if ('code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
				resolve(false);
			} else {
				reject(error);
			}
		});
		probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
			probe.close(() => resolve(true));
		});
	});
}

/** The process that listens on a TCP port, when this user may see it: from /proc on Linux, by lsof elsewhere. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
	if (existsSync('/proc/net/tcp')) return findInProc(port);
	return findByLsof(port);
}

function findInProc(port: number): PortHolder | undefined {
	const inodes = new Set(
		['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
			existsSync(table) ? listeningInodes(readFileSync(table, 'latin1'), port) : [],
		),
	);
	if (inodes.size === 0) return undefined;
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		if (openSockets(pid).some((inode) => inodes.has(inode))) {
			return { pid: Number(pid), command: commandOf(pid) };
		}
	}
	return undefined;
}

/** Socket inodes that LISTEN (state 0A) on a port in a table of /proc/net/tcp format. */
export function listeningInodes(table: string, port: number): string[] {
	const wanted = port.toString(16).toUpperCase().padStart(4, '0');
	return table
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${wanted}`) === true)
		.flatMap((columns) => columns[9] ?? []);
}

function openSockets(pid: string): string[] {
	const links = fromProc(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
	return links.flatMap((fd) => {
		const target = fromProc(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? '';
		return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
	});
}

/** Processes end and files close while one looks, and other users' are closed: then there is nothing to see. */
function fromProc<Value>(look: () => Value): Value | undefined {
	try {
		return look();
	} catch (error) {
		if (codeOf(error) !== undefined) return undefined;
		throw error;
	}
}

function commandOf(pid: string): string {
	const text = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
	return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

async function findByLsof(port: number): Promise<PortHolder | undefined> {
	const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
	const { stdout } = await promisify(execFile)('lsof', args).catch(() => ({ stdout: '' }));
	const pid = /^p(\d+)$/m.exec(stdout)?.[1];
	const command = /^c(.+)$/m.exec(stdout)?.[1];
	return pid === undefined ? undefined : { pid: Number(pid), command: command ?? 'unknown' };
}
