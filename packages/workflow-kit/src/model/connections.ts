import { isObject, keysOf, own, ownString, step, type Json } from './json.ts';
import type { Edge } from './model.ts';
import type { Problems } from './problems.ts';

/** Slots above this are hostile; a Switch has some dozens of outputs. */
const MAX_SLOTS = 1_000;

/**
 * The edges of `connections`: {source name: {type: [slot: [{node, type, index}]]}}. Null slots are
 * empty ones. A slot that is one object instead of a list, and a type that has its targets without
 * slots, are read as meant and named. Stops after `room` edges; undefined says that there were more.
 */
export function readConnections(
	value: Json | undefined,
	{ pointer, workflow }: { pointer: string; workflow: string },
	problems: Problems,
	room: number,
): Edge[] | undefined {
	const edges: Edge[] = [];
	const odd = (at: string, node: string | undefined, message: string) => {
		problems.add(
			'connections-shape',
			at,
			message,
			node === undefined ? { workflow } : { workflow, node },
		);
	};
	if (value === undefined || value === null) return edges;
	if (!isObject(value)) {
		if (!Array.isArray(value) || value.length > 0)
			odd(pointer, undefined, '`connections` is not an object.');
		return edges;
	}

	for (const source of keysOf(value)) {
		const ofSource = own(value, source);
		const sourceAt = pointer + step(source);
		if (ofSource === null) continue;
		if (!isObject(ofSource)) {
			odd(sourceAt, source, `The connections of "${source}" are not an object.`);
			continue;
		}
		for (const sourceType of keysOf(ofSource)) {
			const slots = own(ofSource, sourceType);
			const typeAt = sourceAt + step(sourceType);
			if (slots === null) continue;
			if (!Array.isArray(slots)) {
				odd(typeAt, source, `The ${sourceType} connections of "${source}" are not a list.`);
				continue;
			}
			if (slots.length > MAX_SLOTS)
				odd(typeAt, source, `"${source}" has ${slots.length} outputs; ${MAX_SLOTS} are read.`);
			for (let slot = 0; slot < slots.length && slot < MAX_SLOTS; slot++) {
				const targets = slots[slot];
				if (targets === null || targets === undefined) continue;
				const slotAt = `${typeAt}/${slot}`;
				const isList = Array.isArray(targets);
				if (!isList) odd(slotAt, source, `Output ${slot} of "${source}" is not a list.`);
				const list = isList ? targets : [targets];
				for (let index = 0; index < list.length; index++) {
					const at = isList ? `${slotAt}/${index}` : slotAt;
					const end = readTarget(list[index]);
					if (end === undefined) {
						if (isList && list[index] !== null)
							odd(at, source, `A connection of "${source}" names no node.`);
						continue;
					}
					if (edges.length >= room) return undefined;
					edges.push({ pointer: at, source, sourceType, sourceIndex: slot, ...end });
				}
			}
		}
	}
	return edges;
}

function readTarget(
	value: Json | undefined,
): Pick<Edge, 'target' | 'targetType' | 'targetIndex'> | undefined {
	if (!isObject(value)) return undefined;
	const node = own(value, 'node');
	const target = typeof node === 'number' ? String(node) : node;
	if (typeof target !== 'string') return undefined;
	const index = own(value, 'index');
	const number = typeof index === 'string' && index.length < 10 ? Number(index) : index;
	return {
		target,
		targetType: ownString(value, 'type') ?? 'main',
		targetIndex: typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : 0,
	};
}
