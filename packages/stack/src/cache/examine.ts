import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding } from '../doctor.ts';
import { outputOf } from '../errors.ts';
import { cacheEntries, type CacheEntry } from './tidy.ts';

/** n8n alone is 200,000 files: a cold disk may need longer than anybody waits for `doctor`. */
const COUNT_WITHIN_MS = 10_000;

const KINDS = ['n8n', 'node-package', 'node-releases', 'node', 'validators', 'templates'];

/** What the cache holds, how big it is, and what of it goes by itself. */
export async function examineCache(cache: string): Promise<Finding[]> {
	const entries = cacheEntries(cache);
	if (entries.length === 0) return [];
	const sizes = await sizesOf(cache, entries);
	const kinds = Map.groupBy(entries, kindOf);
	const parts = [...kinds].map(([kind, members]) => {
		const name = members.length === 1 ? kind : `${members.length} × ${kind}`;
		return `${name} ${describeSize(members, sizes)}`;
	});
	const old = entries.filter(({ isOld }) => isOld);
	const goes =
		old.length === 0 ? '' : `; ${describeSize(old, sizes)} unused goes with the next \`up\``;
	const detail = `${describeSize(entries, sizes)} in ${cache}: ${parts.join(', ')}${goes}`;
	return [{ state: 'ok', subject: 'cache', detail }];
}

function kindOf({ name }: CacheEntry): string {
	if (/draft|^removed-|^node-\d+\.\d+$|\.lock/.test(name)) return 'half-written';
	return KINDS.find((kind) => name.startsWith(kind)) ?? name;
}

/** Bytes by name; what could not be counted in time is missing. */
async function sizesOf(cache: string, entries: CacheEntry[]): Promise<Map<string, number>> {
	// The biggest last, so that the others are known when the time is over.
	const names = entries.map(({ name }) => name).sort((a, b) => rank(a) - rank(b));
	const output = await promisify(execFile)('du', ['-sk', '--', ...names], {
		cwd: cache,
		timeout: COUNT_WITHIN_MS,
	}).then(
		({ stdout }) => stdout,
		// Out of time, or a part went meanwhile: what was counted is on the lines.
		(error: unknown) => outputOf(error, 'stdout'),
	);
	return new Map(
		[...output.matchAll(/^(\d+)\s+(.+)$/gm)].map(([, kilobytes, name = '']) => [
			name,
			Number(kilobytes) * 1024,
		]),
	);
}

function rank(name: string): number {
	return name.startsWith('n8n-') ? 1 : 0;
}

function describeSize(entries: CacheEntry[], sizes: Map<string, number>): string {
	const counted = entries.flatMap(({ name }) => sizes.get(name) ?? []);
	if (counted.length === 0) return '(not counted in 10 s)';
	const bytes = counted.reduce((sum, size) => sum + size, 0);
	const text = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
	return counted.length < entries.length ? `over ${text}` : text;
}
