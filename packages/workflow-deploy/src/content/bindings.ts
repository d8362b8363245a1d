import { isObject, type Json, type JsonObject } from '@autopilot/workflow-kit';
import type { Bindings } from '../environments.ts';
import type { InstanceCredential } from '../n8n/instance.ts';
import type { Content } from './content.ts';
import { withReferences } from './references.ts';

/** A credential that a workflow uses and how it was found in this n8n. */
export interface CredentialMatch {
	node: string;
	type: string;
	/** As the file has it. */
	wanted: { id: string | undefined; name: string | undefined };
	found: InstanceCredential | undefined;
	/** Credentials of that type and name, when there are several. */
	candidates: InstanceCredential[];
}

/** What stands between the files and one n8n. */
export interface Binder {
	/** A content as this n8n shall have it, and the credentials it uses. */
	toInstance(content: Content): { content: Content; credentials: CredentialMatch[] };
	/** A content of this n8n as the files have it. */
	toFiles(content: Content): Content;
	instanceIdOf(fileId: string): string;
	fileIdOf(instanceId: string): string;
}

/**
 * @param inFiles credentials as the files name them: what is pulled is named as it was
 */
export function binder(
	bindings: Bindings,
	present: readonly InstanceCredential[],
	inFiles: readonly { type: string; id?: string; name?: string }[],
): Binder {
	const { workflows, urls } = bindings;
	const fileIds = new Map(Object.entries(workflows).map(([file, here]) => [here, file]));
	const instanceIdOf = (id: string) => workflows[id] ?? id;
	const fileIdOf = (id: string) => fileIds.get(id) ?? id;
	const there = longestFirst(Object.entries(urls));
	const back = longestFirst(Object.entries(urls).map(([file, here]) => [here, file] as const));
	const find = (type: string, wanted: CredentialMatch['wanted']) =>
		findCredential(bindings, present, type, wanted);
	return {
		...{ instanceIdOf, fileIdOf },
		toInstance(content) {
			const credentials: CredentialMatch[] = [];
			const nodes = content.nodes.map((node) =>
				withCredentials(node, (type, wanted) => {
					const match = { node: String(node['name']), type, wanted, ...find(type, wanted) };
					if (node['disabled'] !== true) credentials.push(match);
					return match.found === undefined
						? undefined
						: { id: match.found.id, name: match.found.name };
				}),
			);
			const bound = withUrls({ ...content, nodes }, there);
			return { content: withReferences(bound, instanceIdOf), credentials };
		},
		toFiles(content) {
			const nodes = content.nodes.map((node) =>
				withCredentials(node, (type, { id, name }) => {
					const known = inFiles.find(
						(one) =>
							one.type === type && find(type, { id: one.id, name: one.name }).found?.id === id,
					);
					if (known === undefined)
						return id === undefined && name === undefined ? undefined : strip({ id, name });
					return strip({ id: known.id, name: known.name });
				}),
			);
			return withUrls(withReferences({ ...content, nodes }, fileIdOf), back);
		},
	};
}

function strip(use: { id: string | undefined; name: string | undefined }): JsonObject {
	return {
		...(use.id === undefined ? {} : { id: use.id }),
		...(use.name === undefined ? {} : { name: use.name }),
	};
}

/** By binding, then by id, then by its name if only one has that name. Always of the right type. */
function findCredential(
	{ credentials }: Bindings,
	present: readonly InstanceCredential[],
	type: string,
	{ id, name }: CredentialMatch['wanted'],
): Pick<CredentialMatch, 'found' | 'candidates'> {
	const ofType = present.filter((one) => one.type === type);
	const bound = credentials.find(
		(one) => one.type === type && (one.from === id || one.from === name),
	);
	const only = (key: string | undefined) => {
		const byId = ofType.find((one) => one.id === key);
		const named = ofType.filter((one) => one.name === key);
		return { found: byId ?? (named.length === 1 ? named[0] : undefined), candidates: named };
	};
	if (bound !== undefined) return only(bound.to);
	const byId = ofType.find((one) => one.id === id);
	return byId === undefined ? only(name) : { found: byId, candidates: [] };
}

function withCredentials(
	node: JsonObject,
	replace: (type: string, wanted: CredentialMatch['wanted']) => JsonObject | undefined,
): JsonObject {
	const { credentials } = node;
	if (!isObject(credentials)) return node;
	const replaced = Object.entries(credentials).map(([type, use]): [string, Json] => {
		const wanted = isObject(use)
			? { id: textOf(use['id']), name: textOf(use['name']) }
			: { id: undefined, name: textOf(use) };
		return [type, replace(type, wanted) ?? use];
	});
	return { ...node, credentials: Object.fromEntries(replaced) };
}

function textOf(value: Json | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function withUrls(content: Content, urls: readonly (readonly [string, string])[]): Content {
	if (urls.length === 0) return content;
	// In one pass: what was put in is not replaced again.
	const pattern = new RegExp(
		urls.map(([from]) => from.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
		'g',
	);
	const there = new Map(urls);
	const replace = (value: Json): Json => {
		if (typeof value === 'string') return value.replace(pattern, (from) => there.get(from) ?? from);
		if (Array.isArray(value)) return value.map(replace);
		if (!isObject(value)) return value;
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
	};
	return {
		...content,
		nodes: content.nodes.map((node) => ({
			...node,
			parameters: replace(node['parameters'] ?? {}),
		})),
	};
}

function longestFirst(pairs: readonly (readonly [string, string])[]) {
	return pairs.toSorted(([a], [b]) => b.length - a.length);
}
