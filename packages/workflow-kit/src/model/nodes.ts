import { isObject, own, ownString, step, type Json, type JsonObject } from './json.ts';
import type { CredentialUse, NodeGroup, WorkflowNode } from './model.ts';
import type { Problems } from './problems.ts';

interface Place {
	pointer: string;
	workflow: string;
}

export function readNode(
	source: JsonObject,
	index: number,
	{ pointer, workflow }: Place,
	problems: Problems,
): WorkflowNode {
	const name = readName(own(source, 'name'));
	const where = name === '' ? { workflow } : { workflow, node: name };
	if (name === '')
		problems.add('node-name-missing', pointer, `Node ${index + 1} has no name.`, where);
	const type = ownString(source, 'type') ?? '';
	if (type === '')
		problems.add('node-type-missing', pointer, `${called(name, index)} has no type.`, where);

	const parameters = own(source, 'parameters');
	if (parameters !== undefined && !isObject(parameters))
		problems.add(
			'node-parameters',
			`${pointer}/parameters`,
			'`parameters` is not an object.',
			where,
		);
	const id = own(source, 'id');
	return {
		pointer,
		index,
		id: typeof id === 'string' && id !== '' ? id : typeof id === 'number' ? String(id) : undefined,
		name,
		type,
		typeVersion: readVersion(own(source, 'typeVersion'), (message) => {
			problems.add('node-type-version', `${pointer}/typeVersion`, message, where);
		}),
		position: readPosition(own(source, 'position'), (message) => {
			problems.add('node-position', `${pointer}/position`, message, where);
		}),
		parameters: isObject(parameters) ? parameters : {},
		credentials: readCredentials(
			own(source, 'credentials'),
			`${pointer}/credentials`,
			(at, message) => {
				problems.add('credential-shape', at, message, where);
			},
		),
		disabled: own(source, 'disabled') === true,
		onError:
			ownString(source, 'onError') ??
			(own(source, 'continueOnFail') === true ? 'continueRegularOutput' : undefined),
		notes: ownString(source, 'notes'),
		source,
	};
}

function called(name: string, index: number): string {
	return name === '' ? `Node ${index + 1}` : `Node "${name}"`;
}

/** n8n takes numbers for names here and there; connections then have them as keys. */
function readName(value: Json | undefined): string {
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function readVersion(value: Json | undefined, problem: (message: string) => void): number {
	if (typeof value === 'number') return value;
	if (value === undefined) problem('`typeVersion` is missing; 1 is taken.');
	else problem('`typeVersion` is not a number.');
	const number = typeof value === 'string' && value.length < 20 ? Number.parseFloat(value) : 1;
	return Number.isFinite(number) ? number : 1;
}

function readPosition(
	value: Json | undefined,
	problem: (message: string) => void,
): [number, number] {
	const [x, y] = Array.isArray(value)
		? value
		: isObject(value)
			? [own(value, 'x'), own(value, 'y')]
			: [];
	if (Array.isArray(value) && value.length === 2 && typeof x === 'number' && typeof y === 'number')
		return [x, y];
	problem(value === undefined ? '`position` is missing.' : '`position` is not [x, y].');
	return [coordinate(x), coordinate(y)];
}

function coordinate(value: Json | undefined): number {
	const number = typeof value === 'string' && value.length < 30 ? Number.parseFloat(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

function readCredentials(
	value: Json | undefined,
	pointer: string,
	problem: (pointer: string, message: string) => void,
): CredentialUse[] {
	if (value === undefined || value === null) return [];
	if (!isObject(value)) {
		problem(pointer, '`credentials` is not an object.');
		return [];
	}
	return Object.keys(value).map((type) => {
		const at = pointer + step(type);
		const use = own(value, type);
		if (typeof use === 'string') {
			problem(at, `The credential of type ${type} is only a name, as old versions wrote it.`);
			return { type, id: undefined, name: use, pointer: at };
		}
		if (!isObject(use)) {
			if (use !== null) problem(at, `The credential of type ${type} is not an object.`);
			return { type, id: undefined, name: undefined, pointer: at };
		}
		const id = own(use, 'id');
		return {
			type,
			id:
				typeof id === 'string' && id !== '' ? id : typeof id === 'number' ? String(id) : undefined,
			name: ownString(use, 'name'),
			pointer: at,
		};
	});
}

/** Groups that the editor draws around nodes; their `nodeIds` become names. */
export function readGroups(
	value: Json | undefined,
	nodes: WorkflowNode[],
	{ pointer, workflow }: Place,
	problems: Problems,
): NodeGroup[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) {
		problems.add('group-shape', pointer, '`nodeGroups` is not a list.', { workflow });
		return [];
	}
	const names = new Map(nodes.flatMap(({ id, name }) => (id === undefined ? [] : [[id, name]])));
	return value.flatMap((group, index) => {
		const ids = isObject(group) ? own(group, 'nodeIds') : undefined;
		if (!isObject(group) || !Array.isArray(ids)) {
			problems.add('group-shape', pointer + step(index), 'A group has no list `nodeIds`.', {
				workflow,
			});
			return [];
		}
		return [
			{
				id: ownString(group, 'id') ?? '',
				name: ownString(group, 'name') ?? '',
				nodes: ids.filter((id) => typeof id === 'string').map((id) => names.get(id) ?? id),
			},
		];
	});
}
