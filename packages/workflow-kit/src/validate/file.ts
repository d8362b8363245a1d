import { isObject, own, step, type Json, type JsonObject } from '../model/json.ts';
import type { Context } from './context.ts';

/**
 * What n8n's import:workflow and its database refuse about a workflow as a whole. Measured on n8n 2.41.1 with PostgreSQL;
 * test/agreement asks the real one again.
 */
export function checkFile(context: Context): void {
	const { workflow, isInList } = context;
	const { source, pointer } = workflow;
	if (!isInList && pointer !== '') {
		context.report('file-wrapped', `The workflow stands at ${pointer} of the file.`, {
			pointer: pointer.slice(0, pointer.lastIndexOf('/')),
		});
	}
	if (own(source, 'connections') === undefined)
		context.report('connections-missing', '`connections` is missing.');
	checkName(context, own(source, 'name'));
	checkId(context, own(source, 'id'));
	checkTags(context, own(source, 'tags'));
	checkFields(context);
	checkLinks(context);
	checkGroups(context, own(source, 'nodeGroups'));
	checkConnections(context, own(source, 'connections'));
}

function checkName({ report, workflow: { pointer } }: Context, name: Json | undefined): void {
	const at = { pointer: `${pointer}/name` };
	if (name === undefined || name === null) {
		report('workflow-name-missing', '`name` is missing.');
		return;
	}
	if (name === '') report('workflow-name-empty', 'The name is empty.', at);
	const text = stored(name);
	const length = characters(text);
	if (length > 128) report('workflow-name-wrong', `The name has ${length} characters.`, at);
	if (text.includes('\0')) report('workflow-name-wrong', 'The name holds a NUL character.', at);
}

function checkId({ report, isInList, workflow: { pointer } }: Context, id: Json | undefined): void {
	const at = { pointer: `${pointer}/id` };
	// For a file of its own n8n makes an id, but only where there is nothing or ''.
	if (id === undefined || id === null || (!isInList && !id)) {
		if (isInList) report('workflow-id-missing', '`id` is missing.');
		return;
	}
	if (typeof id !== 'string') {
		report('workflow-id-wrong', 'The id is no text.', at);
		return;
	}
	const length = characters(id);
	if (length > 36) report('workflow-id-wrong', `The id has ${length} characters.`, at);
	else if (length > 21) report('workflow-id-long', `The id has ${length} characters.`, at);
	if (id.includes('\0')) report('workflow-id-wrong', 'The id holds a NUL character.', at);
}

function checkTags({ report, workflow: { pointer } }: Context, tags: Json | undefined): void {
	if (!Array.isArray(tags)) return;
	const names = new Map<string, string>();
	for (const [index, tag] of tags.entries()) {
		const at = { pointer: `${pointer}/tags/${index}` };
		const problem = problemOfTag(tag, names);
		if (problem !== undefined) report('workflow-tags-wrong', problem, at);
	}
}

function problemOfTag(tag: Json, names: Map<string, string>): string | undefined {
	if (!isObject(tag)) return 'A tag is not {id, name}.';
	const [id, name] = [own(tag, 'id'), own(tag, 'name')];
	// n8n then looks for a tag of that id, which a new instance does not have.
	if (!name) return 'A tag has no name.';
	const text = stored(name);
	const key = id === undefined || id === null || id === '' ? '' : stored(id);
	if (characters(text) > 24) return `The tag's name has ${characters(text)} characters.`;
	if (characters(key) > 36) return `The tag's id has ${characters(key)} characters.`;
	if (text.includes('\0') || key.includes('\0')) return 'A tag holds a NUL character.';
	if (names.has(text) && (names.get(text) !== key || key === ''))
		return `Two tags are named "${text}".`;
	names.set(text, key);
	for (const field of ['createdAt', 'updatedAt']) {
		const value = own(tag, field);
		if (value !== undefined && !isDate(value)) return `The tag's ${field} is no date.`;
	}
	return undefined;
}

const DATES = ['createdAt', 'updatedAt'];
const COUNTERS = ['versionCounter', 'triggerCount'];
const PARSED_TEXTS = ['staticData', 'meta', 'pinData'];

function checkFields({ report, workflow: { source, pointer } }: Context): void {
	const wrong = (key: string, what: string) => {
		report('workflow-field-wrong', `\`${key}\` is ${what}.`, { pointer: pointer + step(key) });
	};
	for (const key of DATES) {
		const value = own(source, key);
		if (value !== undefined && !isDate(value)) wrong(key, 'no date');
	}
	for (const key of COUNTERS) {
		const value = own(source, key);
		if (value === undefined) continue;
		const number = typeof value === 'string' ? Number(value) : value;
		if (!Number.isInteger(number) || Math.abs(Number(number)) > 2_147_483_647)
			wrong(key, 'no whole number');
	}
	for (const key of PARSED_TEXTS) {
		const value = own(source, key);
		if (typeof value === 'string' && !isJson(value))
			wrong(key, 'a text: n8n stores it and can then never read the workflow');
	}
	const archived = own(source, 'isArchived');
	if (archived === null) wrong('isArchived', 'null');
	if (archived === true)
		report('workflow-archived', 'The workflow is archived.', { pointer: `${pointer}/isArchived` });
	for (const key of ['description', 'sourceWorkflowId']) {
		const value = own(source, key);
		if (value !== undefined && value !== null && stored(value).includes('\0'))
			wrong(key, 'a text with a NUL character');
	}
	const metadata = own(source, 'versionMetadata');
	if (!isObject(metadata)) return;
	for (const key of ['name', 'description']) {
		const value = own(metadata, key);
		if (typeof value === 'string' && value.includes('\0'))
			wrong('versionMetadata', 'a text with a NUL character');
	}
}

function checkLinks({ report, workflow: { source, pointer } }: Context): void {
	const wrong = (key: string) => {
		report('workflow-foreign-link', `\`${key}\` names a row of another instance.`, {
			pointer: pointer + step(key),
		});
	};
	const folder = own(source, 'parentFolder');
	// Anything else that has no id is nothing to n8n; a bare value it takes for the id.
	const folderId = isObject(folder) ? own(folder, 'id') : Array.isArray(folder) ? null : folder;
	if (folderId !== undefined && folderId !== null) wrong('parentFolder');
	const version = own(source, 'activeVersion');
	const versionId = isObject(version) ? own(version, 'versionId') : undefined;
	if (versionId !== undefined && versionId !== null) wrong('activeVersion');
}

function checkGroups({ report, workflow: { pointer } }: Context, groups: Json | undefined): void {
	if (groups === undefined || groups === '' || typeof groups === 'string') return;
	const at = { pointer: `${pointer}/nodeGroups` };
	if (!Array.isArray(groups)) report('groups-wrong', '`nodeGroups` is no list.', at);
	else if (groups.some((group) => group === null))
		report('groups-wrong', 'A group of nodes is null.', at);
}

function checkConnections(
	{ report, workflow: { pointer } }: Context,
	connections: Json | undefined,
): void {
	if (connections === undefined) return;
	const at = `${pointer}/connections`;
	const wrong = (where: string, message: string) => {
		report('connections-wrong', message, { pointer: where });
	};
	if (!isObject(connections)) {
		wrong(at, '`connections` is not an object.');
		return;
	}
	for (const source of Object.keys(connections)) {
		// The schema that n8n reads them with drops this key.
		if (source === '__proto__') continue;
		const types = own(connections, source);
		const sourceAt = at + step(source);
		if (!isObject(types)) wrong(sourceAt, `The connections of "${source}" are not an object.`);
		else checkOutputs(types, sourceAt, source, wrong);
	}
}

function checkOutputs(
	types: JsonObject,
	sourceAt: string,
	source: string,
	wrong: (pointer: string, message: string) => void,
): void {
	for (const type of Object.keys(types)) {
		if (type === '__proto__') continue;
		const outputs = own(types, type);
		const at = sourceAt + step(type);
		if (!Array.isArray(outputs)) {
			wrong(at, `The ${type} connections of "${source}" are not a list.`);
			continue;
		}
		for (const [index, targets] of outputs.entries()) {
			if (targets === null) continue;
			if (!Array.isArray(targets)) {
				wrong(`${at}/${index}`, `Output ${index} of "${source}" is not a list.`);
				continue;
			}
			for (const [place, target] of targets.entries()) {
				const problem = problemOfTarget(target);
				if (problem !== undefined)
					wrong(`${at}/${index}/${place}`, `A connection of "${source}" ${problem}.`);
			}
		}
	}
}

function problemOfTarget(target: Json): string | undefined {
	if (!isObject(target)) return 'is not an object';
	const [name, type, index] = [own(target, 'node'), own(target, 'type'), own(target, 'index')];
	if (typeof name !== 'string' || name === '') return 'names no node';
	if (typeof type !== 'string' || type === '') return 'has no type';
	if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
		return 'has no index that is a whole number from 0';
	return undefined;
}

/** As PostgreSQL counts: a character beyond 16 bits is one. */
function characters(text: string): number {
	if (text.length < 20) return text.length;
	let count = 0;
	for (let index = 0; index < text.length; index += 1) {
		const code = text.charCodeAt(index);
		if (code < 0xdc00 || code > 0xdfff) count += 1;
	}
	return count;
}

/** What a text column makes of a value. */
function stored(value: Json): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** ISO 8601, which is what exports have; PostgreSQL takes some more. */
function isDate(value: Json): boolean {
	return (
		typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value))
	);
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
