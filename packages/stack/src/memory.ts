import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { codeOf } from './errors.ts';

interface ProcessRow {
	pid: number;
	parent: number;
	rssBytes: number;
}

/**
 * Memory of each process and of all its descendants, in bytes: n8n's task runner counts to n8n, ffmpeg to its worker.
 * On Linux proportional (PSS): what several processes share, such as the Node binary or PostgreSQL's buffers, counts
 * once in the sum. Elsewhere resident (RSS), where it counts in each.
 */
export function memoryOf(pids: number[]): Map<number, number> {
	const rows = processTable();
	const children = Map.groupBy(rows, (row) => row.parent);
	const byPid = new Map(rows.map((row) => [row.pid, row]));
	const sum = (row: ProcessRow): number =>
		(children.get(row.pid) ?? []).reduce(
			(total, child) => total + sum(child),
			proportional(row.pid) ?? row.rssBytes,
		);
	return new Map(
		pids.map((pid) => {
			const row = byPid.get(pid);
			return [pid, row === undefined ? 0 : sum(row)];
		}),
	);
}

function processTable(): ProcessRow[] {
	return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number))
		.map(([pid = 0, parent = 0, kilobytes = 0]) => ({ pid, parent, rssBytes: kilobytes * 1024 }));
}

function proportional(pid: number): number | undefined {
	try {
		const kilobytes = /^Pss:\s+(\d+)/m.exec(
			readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'),
		)?.[1];
		return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
	} catch (error) {
		// Not Linux, another user's process, or gone meanwhile.
		if (codeOf(error) !== undefined) return undefined;
		throw error;
	}
}
