import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { codeOf } from '../errors.ts';

/**
 * Which of these folders any process of this machine works with: it was started from there, stands in it, was given
 * it as an argument or a variable, or has loaded something of it. Outside Linux only what `ps` shows can be told.
 */
export function openPaths(folders: string[]): Set<string> {
	const left = new Map(folders.map((folder) => [folder, namesOf(folder)]));
	const found = new Set<string>();
	for (const text of left.size === 0 ? [] : processTexts()) {
		for (const [folder, names] of left) {
			if (!names.some((name) => mentions(text, name))) continue;
			found.add(folder);
			left.delete(folder);
		}
		if (left.size === 0) break;
	}
	return found;
}

/** As it was given, and as the kernel sees it. */
function namesOf(folder: string): string[] {
	try {
		return [...new Set([folder, realpathSync(folder)])];
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return [folder];
		throw error;
	}
}

/** Not a longer name that begins alike: node-24 is not node-24.77. */
function mentions(text: string, folder: string): boolean {
	for (let at = text.indexOf(folder); at >= 0; at = text.indexOf(folder, at + 1)) {
		const next = text.charAt(at + folder.length);
		if (next === '' || '/\0\n: \t"\''.includes(next)) return true;
	}
	return false;
}

function* processTexts(): Generator<string> {
	if (!existsSync('/proc/self/stat')) {
		yield execFileSync('ps', ['-axww', '-o', 'command='], { encoding: 'utf8', maxBuffer: 1e8 });
		return;
	}
	for (const entry of readdirSync('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		yield read(() => readFileSync(`/proc/${entry}/cmdline`, 'utf8'));
		yield read(() => readlinkSync(`/proc/${entry}/cwd`));
		yield read(() => readFileSync(`/proc/${entry}/maps`, 'utf8'));
		yield read(() => readFileSync(`/proc/${entry}/environ`, 'utf8'));
	}
}

/** Nothing for a process that has ended meanwhile, or that belongs to another user. */
function read(look: () => string): string {
	try {
		return look();
	} catch (error) {
		if (codeOf(error) !== undefined) return '';
		throw error;
	}
}
