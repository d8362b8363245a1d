import { execFileSync } from 'node:child_process';

interface ProcessRow {
	pid: number;
	parent: number;
	rssBytes: number;
}

/** Resident memory of each process and of all its descendants, in bytes: n8n's task runner counts to n8n, ffmpeg to its worker. */
export function memoryOf(pids: number[]): Map<number, number> {
	const rows = processTable();
	const children = Map.groupBy(rows, (row) => row.parent);
	const sum = (pid: number, own: number): number =>
		(children.get(pid) ?? []).reduce((total, row) => total + sum(row.pid, row.rssBytes), own);
	const byPid = new Map(rows.map((row) => [row.pid, row]));
	return new Map(pids.map((pid) => [pid, sum(pid, byPid.get(pid)?.rssBytes ?? 0)]));
}

function processTable(): ProcessRow[] {
	return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number))
		.map(([pid = 0, parent = 0, kilobytes = 0]) => ({ pid, parent, rssBytes: kilobytes * 1024 }));
}
