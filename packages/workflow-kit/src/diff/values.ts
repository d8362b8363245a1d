import { isObject, own, step, type Json, type JsonObject } from '../model/json.ts';
import { diffLines, diffLists, type LineChange } from './lines.ts';

/** A value at a place was added, removed or replaced. */
export interface ValueChange {
	/** RFC 6901, into the object compared; of the value before for what was removed. */
	pointer: string;
	kind: 'added' | 'removed' | 'changed';
	before?: Json;
	after?: Json;
	/** For texts of several lines. */
	lines?: LineChange[];
}

const MAX_DEPTH = 100;
const MAX_LIST = 400;

/** Path by path; lists by what is the same in them, texts of several lines by lines. */
export function diffValues(
	before: Json | undefined,
	after: Json | undefined,
	pointer = '',
	changes: ValueChange[] = [],
	depth = 0,
): ValueChange[] {
	if (before === undefined && after === undefined) return changes;
	if (before === undefined) changes.push({ pointer, kind: 'added', after: after ?? null });
	else if (after === undefined) changes.push({ pointer, kind: 'removed', before });
	else if (isObject(before) && isObject(after) && depth < MAX_DEPTH) {
		for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
			diffValues(own(before, key), own(after, key), pointer + step(key), changes, depth + 1);
	} else if (Array.isArray(before) && Array.isArray(after) && depth < MAX_DEPTH)
		diffArrays(before, after, { pointer, changes, depth });
	else if (!sameJson(before, after)) {
		const change: ValueChange = { pointer, kind: 'changed', before, after };
		if (typeof before === 'string' && typeof after === 'string' && /\n/.test(before + after))
			change.lines = diffLines(before, after);
		changes.push(change);
	}
	return changes;
}

/** Equal entries stay; between them, one that left and one that came at its place are compared. */
function diffArrays(
	before: Json[],
	after: Json[],
	{ pointer, changes, depth }: { pointer: string; changes: ValueChange[]; depth: number },
): void {
	if (before.length > MAX_LIST || after.length > MAX_LIST || before.length === after.length) {
		for (let index = 0; index < Math.max(before.length, after.length); index++)
			diffValues(before[index], after[index], pointer + step(index), changes, depth + 1);
		return;
	}
	const texts = (list: Json[]) => list.map((item) => ({ item, text: JSON.stringify(item) }));
	const steps = diffLists(texts(before), texts(after), (a, b) => a.text === b.text);
	let left = 0;
	let right = 0;
	for (let index = 0; index < steps.length;) {
		if (steps[index]?.sign === ' ') {
			left++;
			right++;
			index++;
			continue;
		}
		const gone: Json[] = [];
		const come: Json[] = [];
		for (let one = steps[index]; one !== undefined && one.sign !== ' '; one = steps[++index])
			(one.sign === '-' ? gone : come).push(one.item.item);
		for (let at = 0; at < Math.max(gone.length, come.length); at++) {
			const place = pointer + step(at < come.length ? right + at : left + at);
			diffValues(gone[at], come[at], place, changes, depth + 1);
		}
		left += gone.length;
		right += come.length;
	}
}

/** The same data, whatever the order of the keys. */
export function sameJson(left: Json | undefined, right: Json | undefined, depth = 0): boolean {
	if (left === right) return true;
	if (left === undefined || right === undefined || depth > 1_000) return false;
	if (Array.isArray(left))
		return (
			Array.isArray(right) &&
			left.length === right.length &&
			left.every((item, index) => sameJson(item, right[index], depth + 1))
		);
	if (!isObject(left) || !isObject(right)) return false;
	const keys = Object.keys(left);
	return (
		keys.length === Object.keys(right).length &&
		keys.every(
			(key) => Object.hasOwn(right, key) && sameJson(own(left, key), own(right, key), depth + 1),
		)
	);
}

/** How much two sets have in common, 0 to 1. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
	if (a.size === 0 && b.size === 0) return 1;
	let common = 0;
	for (const leaf of a) if (b.has(leaf)) common++;
	return common / (a.size + b.size - common);
}

const MAX_LEAVES = 500;

/** The scalars of an object with their paths, for comparing roughly. */
export function leavesOf(value: JsonObject): Set<string> {
	const found = new Set<string>();
	const walk = (json: Json, path: string, depth: number): void => {
		if (found.size >= MAX_LEAVES || depth > 20) return;
		if (isObject(json))
			for (const key of Object.keys(json))
				walk(own(json, key) ?? null, `${path}/${key}`, depth + 1);
		else if (Array.isArray(json))
			for (const item of json.slice(0, 50)) walk(item, `${path}/-`, depth + 1);
		else found.add(`${path}=${String(json).slice(0, 200)}`);
	};
	walk(value, '', 0);
	return found;
}
