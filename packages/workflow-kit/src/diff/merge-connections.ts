import { isObject, own, setOwn, type Json, type JsonObject } from '../model/json.ts';
import type { Edge, Workflow } from '../model/model.ts';
import type { Keys } from './merge-keys.ts';
import { sameJson } from './values.ts';

/** An edge by the keys of its nodes. */
interface KeyedEdge extends Omit<Edge, 'pointer'> {
	text: string;
}

export function mergeConnections(
	base: Workflow,
	ours: Workflow,
	theirs: Workflow,
	{ keys, names }: { keys: Keys; names: ReadonlyMap<string, string> },
): Json {
	const [was, mine, others] = [base, ours, theirs].map((workflow) =>
		workflow.edges.map((edge): KeyedEdge => {
			const { sourceType, sourceIndex, targetType, targetIndex } = edge;
			const source = keys.named(workflow, edge.source);
			const target = keys.named(workflow, edge.target);
			const text = JSON.stringify([
				source,
				sourceType,
				sourceIndex,
				target,
				targetType,
				targetIndex,
			]);
			return { source, sourceType, sourceIndex, target, targetType, targetIndex, text };
		}),
	) as [KeyedEdge[], KeyedEdge[], KeyedEdge[]];
	const inBase = new Set(was.map(({ text }) => text));
	const inOurs = new Set(mine.map(({ text }) => text));
	const inTheirs = new Set(others.map(({ text }) => text));
	const result: JsonObject = {};
	const isThere = (key: string) => names.has(key) || key.startsWith('name:');
	const written = (key: string) => names.get(key) ?? key.slice('name:'.length);
	for (const edge of [...mine, ...others]) {
		const { text, source, sourceType, sourceIndex, target, targetType, targetIndex } = edge;
		const removedByThem = inBase.has(text) && !inTheirs.has(text);
		const removedByUs = inBase.has(text) && !inOurs.has(text);
		if (removedByThem || removedByUs || !isThere(source) || !isThere(target)) continue;
		const slot = slotOf(result, written(source), sourceType, sourceIndex);
		const end: JsonObject = { node: written(target), type: targetType, index: targetIndex };
		if (!slot.some((one) => sameJson(one, end))) slot.push(end);
	}
	return result;
}

function slotOf(connections: JsonObject, source: string, type: string, index: number): Json[] {
	let types = own(connections, source);
	if (types === undefined || !isObject(types)) setOwn(connections, source, (types = {}));
	let slots = own(types, type);
	if (!Array.isArray(slots)) setOwn(types, type, (slots = []));
	while (slots.length <= index) slots.push([]);
	const slot = slots[index];
	return Array.isArray(slot) ? slot : [];
}
