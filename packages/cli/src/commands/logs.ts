import { closeSync, existsSync, openSync, readdirSync, readSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { layoutOf, resolveName } from '@autopilot/stack';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption, wholeNumber } from '../options.ts';
import { aborted, interruptible } from '../terminal/interrupt.ts';

interface LogsOptions {
	data: string;
	follow?: true;
	lines: number;
}

const CHUNK_BYTES = 65_536;

export function registerLogs(program: Command): void {
	program
		.command('logs')
		.summary("a component's log")
		.description(
			'Prints the end of a component’s log as it was written: JSON lines for the services.',
		)
		.argument('<service>', 'component, e.g. store, video-worker, n8n, postgres')
		.addOption(dataOption())
		.option('-f, --follow', 'go on printing what comes, until Ctrl-C')
		.option('-n, --lines <n>', 'how many of the last lines', wholeNumber, 50)
		.action(async (name: string, { data, follow, lines }: LogsOptions) => {
			const file = findLog(layoutOf({ dataDir: data }).logs, name);
			const end = printEnd(file, lines);
			if (follow === true) await printWhatComes(file, end);
		});
}

function findLog(folder: string, name: string): string {
	const file = path.join(folder, `${resolveName(name)}.log`);
	if (existsSync(file)) return file;
	const known = existsSync(folder)
		? readdirSync(folder).flatMap((entry) => /^(.+)\.log$/.exec(entry)?.[1] ?? [])
		: [];
	throw new CommandError(`There is no log of ${name} in ${folder}.`, {
		advice: known.length > 0 ? `There are ${known.join(', ')}.` : 'Nothing has run here yet.',
		exitCode: 2,
	});
}

/** Prints the last lines and returns how far the file was read. */
function printEnd(file: string, lines: number): number {
	const size = statSync(file).size;
	let text = '';
	for (let start = size; start > 0 && countLines(text) <= lines;) {
		const length = Math.min(CHUNK_BYTES, start);
		start -= length;
		text = read(file, start, length).toString('latin1') + text;
	}
	const last = text
		.split('\n')
		.slice(-lines - 1)
		.join('\n');
	process.stdout.write(Buffer.from(lines === 0 ? '' : last, 'latin1'));
	return size;
}

async function printWhatComes(file: string, from: number): Promise<void> {
	const { signal, done } = interruptible(() => process.exit(130));
	let position = from;
	const watcher = watch(file, () => {
		const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
		// Shorter than before: a new file under the same name.
		if (size < position) position = 0;
		process.stdout.write(read(file, position, size - position));
		position = size;
	});
	await aborted(signal);
	watcher.close();
	done();
}

function read(file: string, start: number, length: number): Buffer {
	const handle = openSync(file, 'r');
	try {
		const buffer = Buffer.alloc(length);
		return buffer.subarray(0, readSync(handle, buffer, 0, length, start));
	} finally {
		closeSync(handle);
	}
}

function countLines(text: string): number {
	return text.split('\n').length - 1;
}
