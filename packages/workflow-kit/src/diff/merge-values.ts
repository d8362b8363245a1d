import {
	isObject,
	own,
	ownString,
	setOwn,
	step,
	type Json,
	type JsonObject,
} from '../model/json.ts';
import { diffLists } from './lines.ts';
import { sameJson } from './values.ts';

/** Both sides changed the same thing differently. */
export interface ValueConflict {
	pointer: string;
	base: Json | undefined;
	ours: Json | undefined;
	theirs: Json | undefined;
}

export interface ThreeWay {
	base: Json | undefined;
	ours: Json | undefined;
	theirs: Json | undefined;
}

const MAX_DEPTH = 100;

/**
 * Merges by path: what only one side changed is taken from it. Entries of lists are told by their id
 * or name, texts of several lines are merged by lines. On a conflict ours stays.
 */
export function mergeValues(
	{ base, ours, theirs }: ThreeWay,
	pointer: string,
	conflicts: ValueConflict[],
	depth = 0,
): Json | undefined {
	if (same(ours, theirs) || same(base, theirs)) return ours;
	if (same(base, ours)) return theirs;
	if (depth < MAX_DEPTH) {
		if (isJsonObject(ours) && isJsonObject(theirs)) {
			const common = isJsonObject(base) ? base : {};
			return mergeObjects({ base: common, ours, theirs }, pointer, conflicts, depth);
		}
		if (Array.isArray(ours) && Array.isArray(theirs) && Array.isArray(base)) {
			const merged = mergeLists({ base, ours, theirs }, pointer, conflicts, depth);
			if (merged !== undefined) return merged;
		}
		if (typeof ours === 'string' && typeof theirs === 'string' && typeof base === 'string') {
			const merged = mergeLines(base, ours, theirs);
			if (merged !== undefined) return merged;
		}
	}
	conflicts.push({ pointer, base, ours, theirs });
	return ours;
}

function same(left: Json | undefined, right: Json | undefined): boolean {
	return left === right || sameJson(left, right);
}

function isJsonObject(value: Json | undefined): value is JsonObject {
	return value !== undefined && isObject(value);
}

function mergeObjects(
	{ base, ours, theirs }: { base: JsonObject; ours: JsonObject; theirs: JsonObject },
	pointer: string,
	conflicts: ValueConflict[],
	depth: number,
): JsonObject {
	const result: JsonObject = {};
	for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
		const sides = { base: own(base, key), ours: own(ours, key), theirs: own(theirs, key) };
		const value = mergeValues(sides, pointer + step(key), conflicts, depth + 1);
		if (value !== undefined) setOwn(result, key, value);
	}
	return result;
}

function mergeLists(
	{ base, ours, theirs }: { base: Json[]; ours: Json[]; theirs: Json[] },
	pointer: string,
	conflicts: ValueConflict[],
	depth: number,
): Json[] | undefined {
	const [a, b, c] = [byIdentity(base), byIdentity(ours), byIdentity(theirs)];
	if (a !== undefined && b !== undefined && c !== undefined) {
		const result: Json[] = [];
		for (const key of new Set([...b.keys(), ...c.keys()])) {
			const sides = { base: a.get(key), ours: b.get(key), theirs: c.get(key) };
			const at = pointer + step(b.has(key) ? [...b.keys()].indexOf(key) : b.size);
			const value = mergeValues(sides, at, conflicts, depth + 1);
			if (value !== undefined) result.push(value);
		}
		return result;
	}
	if (base.length !== ours.length || base.length !== theirs.length) return undefined;
	return ours.map((value, index) => {
		const sides = { base: base[index], ours: value, theirs: theirs[index] };
		return mergeValues(sides, pointer + step(index), conflicts, depth + 1) ?? null;
	});
}

/** Entries by id, else by name, where each has one of its own. */
function byIdentity(list: Json[]): Map<string, JsonObject> | undefined {
	if (list.length > 500) return undefined;
	for (const key of ['id', 'name']) {
		const found = new Map<string, JsonObject>();
		for (const entry of list) {
			const name = isObject(entry) ? ownString(entry, key) : undefined;
			if (isObject(entry) && name !== undefined) found.set(name, entry);
		}
		if (found.size === list.length) return found;
	}
	return undefined;
}

/** Undefined when both sides changed the same lines differently. */
export function mergeLines(base: string, ours: string, theirs: string): string | undefined {
	const [lines, left, right] = [base.split('\n'), ours.split('\n'), theirs.split('\n')];
	const inOurs = matches(lines, left);
	const inTheirs = matches(lines, right);
	const result: string[] = [];
	let [b, o, t] = [0, 0, 0];
	for (;;) {
		let stable = b;
		while (stable < lines.length && !(inOurs.has(stable) && inTheirs.has(stable))) stable++;
		const oursEnd = inOurs.get(stable) ?? left.length;
		const theirsEnd = inTheirs.get(stable) ?? right.length;
		const [was, mine, other] = [
			lines.slice(b, stable).join('\n'),
			left.slice(o, oursEnd).join('\n'),
			right.slice(t, theirsEnd).join('\n'),
		];
		const counts = [stable - b, oursEnd - o, theirsEnd - t];
		const isSame = (x: string, y: string, i: number, j: number) =>
			x === y && counts[i] === counts[j];
		if (isSame(mine, other, 1, 2) || isSame(was, other, 0, 2))
			result.push(...left.slice(o, oursEnd));
		else if (isSame(was, mine, 0, 1)) result.push(...right.slice(t, theirsEnd));
		else return undefined;
		const line = lines[stable];
		if (line === undefined) return result.join('\n');
		result.push(line);
		[b, o, t] = [stable + 1, oursEnd + 1, theirsEnd + 1];
	}
}

/** For each line that stayed: where it is now. */
function matches(before: string[], after: string[]): Map<number, number> {
	const found = new Map<number, number>();
	let left = 0;
	let right = 0;
	for (const { sign } of diffLists(before, after, (a, b) => a === b)) {
		if (sign === ' ') found.set(left, right);
		if (sign !== '+') left++;
		if (sign !== '-') right++;
	}
	return found;
}
