import { stripVTControlCharacters, styleText } from 'node:util';

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Coloured on a terminal, plain in a file; NO_COLOR and FORCE_COLOR are heard. */
export function colour(name: Colour, text: string): string {
	return styleText(name, text, { stream: process.stdout });
}

export function print(line = ''): void {
	process.stdout.write(`${line}\n`);
}

export function printError(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** One JSON document on stdout, for scripts. */
export function printJson(value: unknown): void {
	print(JSON.stringify(value, null, '\t'));
}

/** Rows in columns as wide as their widest cell, under a head if there is one. */
export function printTable(rows: string[][], head?: string[]): void {
	const all = head === undefined ? rows : [head.map((cell) => colour('dim', cell)), ...rows];
	const columns = Math.max(0, ...all.map((row) => row.length));
	const widths = Array.from({ length: columns }, (_, column) =>
		Math.max(...all.map((row) => visibleLength(row[column] ?? ''))),
	);
	for (const row of all) {
		const cells = row.map(
			(cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)),
		);
		print(`  ${cells.join('   ').trimEnd()}`);
	}
}

/** `1.2 s`, `2 min 03 s`, `340 ms`. */
export function duration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** `3.4 MB`. */
export function size(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`;
	if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(0)} kB`;
	if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
	return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

/** `[██████░░░░]  58 %` */
export function bar(percent: number): string {
	const cells = 24;
	const full = Math.round((Math.max(0, Math.min(100, percent)) / 100) * cells);
	return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${String(Math.round(percent)).padStart(3)} %`;
}

function visibleLength(text: string): number {
	return stripVTControlCharacters(text).length;
}
