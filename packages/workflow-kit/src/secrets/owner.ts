import { isObject, keysOf, own, setOwn, type Json, type JsonObject } from '../model/json.ts';
import { walkTexts } from './walk.ts';

/** What an instance adds about itself and its people when it hands out a workflow. */
const OWNER_KEYS = [
	...['shared', 'sharedWith', 'sharedWithProjects', 'homeProject', 'ownedBy', 'usedCredentials'],
	...['scopes', 'activeVersion', 'activeVersionId', 'parentFolder', 'parentFolderId', 'checksum'],
];
/** What runs left behind. */
const RUN_KEYS = ['pinData', 'staticData', 'versionId', 'versionCounter', 'triggerCount'];
const CACHED_KEYS = ['cachedResultName', 'cachedResultUrl'];

export interface OwnerTraces {
	emails: Set<string>;
	instanceIds: Set<string>;
}

/** E-mail addresses and instance ids of those who made a workflow, from where n8n writes them. */
export function ownerTraces(workflow: JsonObject): OwnerTraces {
	const traces: OwnerTraces = { emails: new Set(), instanceIds: new Set() };
	const collect = (value: Json | undefined) => {
		if (value !== undefined)
			walkTexts(value, ({ text }) => {
				for (const email of emailsIn(text)) traces.emails.add(email);
				return traces.emails.size < 100;
			});
	};
	for (const key of OWNER_KEYS) collect(own(workflow, key));
	const meta = own(workflow, 'meta');
	const instanceId = isObject(meta) ? own(meta, 'instanceId') : undefined;
	if (typeof instanceId === 'string' && instanceId.length >= 16) traces.instanceIds.add(instanceId);
	const nodes = own(workflow, 'nodes');
	for (const node of Array.isArray(nodes) ? nodes : [])
		if (isObject(node)) collect(own(node, 'credentials'));
	return traces;
}

/** Around each `@`, a bounded way back and forth. */
export function emailsIn(text: string): string[] {
	const emails: string[] = [];
	for (
		let at = text.indexOf('@');
		at !== -1 && emails.length < 100;
		at = text.indexOf('@', at + 1)
	) {
		const local = /[\w.+-]{1,64}$/.exec(text.slice(Math.max(0, at - 64), at))?.[0];
		const domain = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/.exec(text.slice(at + 1, at + 330))?.[0];
		if (local !== undefined && domain !== undefined) emails.push(`${local}@${domain}`);
	}
	return emails;
}

/** The workflow without owner data, traces of runs, instance and credential ids. */
export function withoutOwner(workflow: JsonObject): JsonObject {
	const result: JsonObject = {};
	for (const key of keysOf(workflow)) {
		const value = own(workflow, key) ?? null;
		if (OWNER_KEYS.includes(key) || RUN_KEYS.includes(key)) continue;
		if (key === 'meta' && isObject(value)) {
			const { instanceId: _instanceId, ...rest } = value;
			if (keysOf(rest).length > 0) result[key] = rest;
		} else if (key === 'nodes' && Array.isArray(value)) result[key] = value.map(withoutInstance);
		else setOwn(result, key, value);
	}
	return result;
}

/** Credentials keep their type and name, which say what is needed; their ids mean nothing elsewhere. */
function withoutInstance(node: Json): Json {
	if (!isObject(node)) return node;
	const result: JsonObject = {};
	for (const key of keysOf(node)) {
		const value = own(node, key) ?? null;
		if (key === 'parameters') result[key] = withoutCached(value);
		else if (key === 'credentials' && isObject(value)) {
			const credentials: JsonObject = {};
			for (const type of keysOf(value)) {
				const use = own(value, type) ?? null;
				setOwn(credentials, type, isObject(use) ? withoutKeys(use, ['id']) : use);
			}
			result[key] = credentials;
		} else setOwn(result, key, value);
	}
	return result;
}

function withoutCached(value: Json): Json {
	if (Array.isArray(value)) return value.map(withoutCached);
	if (!isObject(value)) return value;
	const result: JsonObject = {};
	for (const key of keysOf(value))
		if (!CACHED_KEYS.includes(key)) setOwn(result, key, withoutCached(own(value, key) ?? null));
	return result;
}

function withoutKeys(object: JsonObject, keys: string[]): JsonObject {
	const result: JsonObject = {};
	for (const key of keysOf(object))
		if (!keys.includes(key)) setOwn(result, key, own(object, key) ?? null);
	return result;
}
