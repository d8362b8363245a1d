import type { Finding } from '../findings/finding.ts';
import { isObject, own, setOwn, step, type Json, type JsonObject } from '../model/json.ts';
import type { Limits } from '../model/limits.ts';
import type { Parsed } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import { canonicalWorkflow } from './canonical.ts';
import { jsonText } from './text.ts';

export interface CanonicalDocument {
	/** Undefined when no workflow could be read. */
	text: string | undefined;
	findings: Finding[];
}

/**
 * The canonical text of a document, wrappers included: the same for the same data, and itself
 * canonical.
 */
export function canonicalText(input: unknown, limits: Partial<Limits> = {}): CanonicalDocument {
	const parsed = parse(input, limits);
	return {
		text: parsed.workflows.length === 0 ? undefined : jsonText(canonicalDocument(parsed)),
		findings: parsed.findings,
	};
}

/** The parsed document with each workflow in canonical form. */
export function canonicalDocument(parsed: Parsed): Json {
	return replaceWorkflows(parsed, canonicalWorkflow);
}

/** The document with each of its workflows changed; what is around them stays as it is. */
export function replaceWorkflows(
	{ document = null, workflows }: Parsed,
	change: (source: JsonObject, pointer: string) => Json,
): Json {
	const wanted = new Set(workflows.map(({ pointer }) => pointer));
	const above = new Set<string>();
	for (const pointer of wanted)
		for (let at = pointer; at !== '';) above.add((at = at.slice(0, at.lastIndexOf('/'))));
	const walk = (value: Json, pointer: string): Json => {
		if (isObject(value) && wanted.has(pointer)) return change(value, pointer);
		if (!above.has(pointer)) return value;
		if (Array.isArray(value)) return value.map((item, index) => walk(item, pointer + step(index)));
		if (!isObject(value)) return value;
		const result: JsonObject = {};
		for (const key of Object.keys(value))
			setOwn(result, key, walk(own(value, key) ?? null, pointer + step(key)));
		return result;
	};
	return walk(document, '');
}
