import { canonicalDocument, replaceWorkflows } from '../canonical/document.ts';
import { jsonText } from '../canonical/text.ts';
import type { Finding } from '../findings/finding.ts';
import { isObject, keysOf, own, setOwn, step, type Json, type JsonObject } from '../model/json.ts';
import type { Limits } from '../model/limits.ts';
import type { Parsed } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import { referCredential, type CredentialReference } from './http-credentials.ts';
import { ownerTraces, withoutOwner } from './owner.ts';
import { namePlaceholders } from './placeholders.ts';
import { MAX_MATCHES } from './rules/match.ts';
import { findSecrets, type Secret } from './scan.ts';

export interface Redacted {
	/** Canonical text; undefined when the input could not be read. */
	text: string | undefined;
	document: Json | undefined;
	/** What stands where a secret was, with the place and kind of the secret. */
	placeholders: { placeholder: string; kind: string; pointer: string }[];
	/** Credentials that HTTP requests now ask for. */
	credentials: CredentialReference[];
	/** Problems of reading; empty when all went well. */
	findings: Finding[];
}

/** A replacement can join what was apart; after so many looks the whole text goes. */
const ROUNDS = 4;

/**
 * The document without secrets, without data about its owner, instance and runs. Nodes and edges
 * stay; scanning the result finds nothing.
 */
export function redact(input: unknown, limits: Partial<Limits> = {}): Redacted {
	const parsed = parse(input, limits);
	const result: Redacted = {
		...{ text: undefined, document: undefined, findings: parsed.findings },
		...{ placeholders: [], credentials: [] },
	};
	if (parsed.document === undefined || parsed.workflows.length === 0) return result;

	const nameOf = namePlaceholders();
	const words = wordsToReplace(parsed, nameOf);
	const clean = replaceWorkflows(parsed, (source) =>
		referCredentials(withoutOwner(source), result.credentials),
	);
	let document = rewrite(clean, { words, edits: new Map() });
	for (let round = 1; round <= ROUNDS; round++) {
		const groups = Map.groupBy(findSecrets(document), ({ at }) => editKey(at.pointer, at.isKey));
		if (groups.size === 0) break;
		const edits = new Map<string, string>();
		for (const [key, secrets] of groups) {
			const text = secrets[0]?.at.text ?? '';
			const whole = round === ROUNDS || secrets.length >= MAX_MATCHES;
			edits.set(key, whole ? 'YOUR_SECRET' : withPlaceholders(text, secrets, nameOf));
			for (const { kind, title, at, start, end } of secrets) {
				const placeholder = nameOf({ kind, title, text: at.text.slice(start, end) });
				result.placeholders.push({ placeholder, kind, pointer: at.pointer });
			}
		}
		document = rewrite(document, { words: new Map(), edits });
	}
	result.document = document;
	result.text = jsonText(canonicalDocument(parse(document, limits)));
	return result;
}

type NameOf = ReturnType<typeof namePlaceholders>;

/**
 * Owner data goes wherever it stands, and a secret in a node's name as well: connections and
 * expressions use that name, so it is replaced as a whole, everywhere alike.
 */
function wordsToReplace({ workflows }: Parsed, nameOf: NameOf): Map<string, string> {
	const words = new Map<string, string>();
	for (const { source, nodes } of workflows) {
		const { emails, instanceIds } = ownerTraces(source);
		for (const email of emails)
			if (!words.has(email)) words.set(email, `owner${words.size || ''}@example.com`);
		for (const id of instanceIds) words.set(id, 'INSTANCE_ID');
		for (const { name } of nodes) {
			const secrets = name.length < 12 ? [] : findSecrets({ name });
			if (secrets.length > 0) words.set(name, withPlaceholders(name, secrets, nameOf));
		}
	}
	return words;
}

function referCredentials(workflow: JsonObject, references: CredentialReference[]): JsonObject {
	const nodes = own(workflow, 'nodes');
	if (!Array.isArray(nodes)) return workflow;
	const changed = nodes.map((node) => {
		const referred = isObject(node) ? referCredential(node) : undefined;
		if (referred === undefined) return node;
		references.push(referred.reference);
		return referred.node;
	});
	return { ...workflow, nodes: changed };
}

function withPlaceholders(text: string, secrets: Secret[], nameOf: NameOf): string {
	const parts: string[] = [];
	let at = 0;
	for (const { kind, title, start, end } of secrets) {
		parts.push(text.slice(at, start), nameOf({ kind, title, text: text.slice(start, end) }));
		at = end;
	}
	return parts.concat(text.slice(at)).join('');
}

interface Changes {
	/** Replaced in every text and key. */
	words: ReadonlyMap<string, string>;
	/** The new text of single values and keys. */
	edits: ReadonlyMap<string, string>;
}

function rewrite(document: Json, { words, edits }: Changes): Json {
	const replacements = [...words].toSorted(([left], [right]) => right.length - left.length);
	const reworded = (text: string) => {
		let result = text;
		for (const [word, other] of replacements)
			if (result.includes(word)) result = result.replaceAll(word, other);
		return result;
	};
	const walk = (value: Json, pointer: string): Json => {
		if (typeof value === 'string') return edits.get(editKey(pointer, false)) ?? reworded(value);
		if (Array.isArray(value)) return value.map((item, index) => walk(item, pointer + step(index)));
		if (!isObject(value)) return value;
		const result: JsonObject = {};
		for (const key of keysOf(value)) {
			const at = pointer + step(key);
			const name = edits.get(editKey(at, true)) ?? reworded(key);
			setOwn(result, name, walk(own(value, key) ?? null, at));
		}
		return result;
	};
	return walk(document, '');
}

function editKey(pointer: string, isKey: boolean): string {
	return `${isKey ? 'key' : 'value'} ${pointer}`;
}
