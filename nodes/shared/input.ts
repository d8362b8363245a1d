import type {
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isObject } from './problem.ts';
import type { Operation, ServiceFile } from './service.ts';

/** The parameters of one item, in the form the services take them. */
export interface ItemInput {
	text(name: string): string;
	number(name: string): number;
	flag(name: string): boolean;
	/** Several values: a list from an expression, or one text with commas or lines. */
	list(name: string): string[];
	/** The given texts that are not empty, under their own names. */
	texts(...names: string[]): IDataObject;
	/** A JSON field that holds an object; `{}` when left empty. */
	jsonObject(name: string): IDataObject;
	/** A JSON field that holds a list of objects. */
	jsonList(name: string): IDataObject[];
	/** ID (or slug) that was chosen or typed in. */
	value(name: string): string;
	/** The same, made safe for a path. */
	id(name: string): string;
	/** The entries of a field that may be added many times. */
	entries(name: string): IDataObject[];
	/** The optional fields the user added; empty texts count as not given. */
	fields(name: string): IDataObject;
	/** The same for an update, where an empty text empties the field. */
	changes(name: string): IDataObject;
	/** Bytes of the binary property whose name is in this parameter. */
	file(name: string): Promise<ServiceFile>;
}

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

const isProperty = (option: Option): option is INodeProperties => 'type' in option;
const isGroup = (option: Option): option is INodePropertyCollection => 'values' in option;

/** Lines are taken as they are; in one line, commas separate. Addresses may contain commas. */
function toList(value: unknown): string[] {
	if (Array.isArray(value)) return value.map((entry) => String(entry ?? '').trim()).filter(Boolean);
	const text = String(value ?? '').trim();
	const comma = /^https?:/.test(text) ? /,?\s+|,(?=https?:)/ : ',';
	return text
		.split(text.includes('\n') ? '\n' : comma)
		.map((entry) => entry.replace(/,$/, '').trim())
		.filter(Boolean);
}

/** The parameters of item `itemIndex`; how a value travels follows from its field's declaration. */
export function itemInput(
	context: IExecuteFunctions,
	operation: Operation,
	itemIndex: number,
): ItemInput {
	const raw = (name: string): unknown => context.getNodeParameter(name, itemIndex, undefined);

	function invalid(label: string, advice: string): NodeOperationError {
		return new NodeOperationError(context.getNode(), `The field "${label}" is not valid`, {
			itemIndex,
			description: advice,
		});
	}

	function declared(name: string): INodeProperties {
		const field = operation.fields.find((candidate) => candidate.name === name);
		if (!field) {
			throw new NodeOperationError(context.getNode(), `There is no field "${name}"`, { itemIndex });
		}
		return field;
	}

	function parseJson(field: INodeProperties, value: unknown): unknown {
		if (typeof value !== 'string') return value ?? undefined;
		if (value.trim() === '') return undefined;
		try {
			return JSON.parse(value);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			throw new NodeOperationError(
				context.getNode(),
				`The field "${field.displayName}" is not valid JSON`,
				{
					itemIndex,
					description: `${reason}. Write an object such as {"key": "value"}, or use an expression that gives an object.`,
				},
			);
		}
	}

	function timeOf(field: INodeProperties, value: unknown): string | undefined {
		if (value === undefined || value === null || value === '') return undefined;
		const time = new Date(String(value));
		if (!Number.isNaN(time.getTime())) return time.toISOString();
		throw invalid(field.displayName, 'Give a time such as 2026-11-20T13:00:00Z.');
	}

	/** A field that may be added once: its members as one object. */
	function groupOf(field: INodeProperties, value: unknown): IDataObject | undefined {
		const group = field.options?.find(isGroup);
		const row = isObject(value) && group ? value[group.name] : undefined;
		return isObject(row) ? membersOf(group?.values ?? [], row, 'drop empty') : undefined;
	}

	function entriesOf(field: INodeProperties, value: unknown): IDataObject[] {
		const group = field.options?.find(isGroup);
		const rows = isObject(value) && group ? value[group.name] : value;
		if (!Array.isArray(rows)) return [];
		return rows.filter(isObject).map((row) => membersOf(group?.values ?? [], row, 'drop empty'));
	}

	function travels(field: INodeProperties, value: unknown): unknown {
		if (field.type === 'json') return parseJson(field, value);
		if (field.type === 'fixedCollection') {
			return field.typeOptions?.multipleValues ? entriesOf(field, value) : groupOf(field, value);
		}
		if (field.type === 'dateTime') return timeOf(field, value);
		if (field.type === 'resourceLocator') return isObject(value) ? value.value : value;
		if (field.type === 'multiOptions' || field.typeOptions?.commaSeparated === true) {
			return toList(value);
		}
		return value;
	}

	function membersOf(
		members: readonly Option[],
		given: IDataObject,
		mode: 'drop empty' | 'keep empty',
	): IDataObject {
		const result: IDataObject = {};
		for (const [name, value] of Object.entries(given)) {
			const member = members.filter(isProperty).find((candidate) => candidate.name === name);
			const travelling = member ? travels(member, value) : value;
			if (travelling === undefined) continue;
			if (mode === 'drop empty' && (travelling === '' || travelling === null)) continue;
			Object.assign(result, { [name]: travelling });
		}
		return result;
	}

	function members(name: string, mode: 'drop empty' | 'keep empty'): IDataObject {
		const given = raw(name);
		return isObject(given) ? membersOf(declared(name).options ?? [], given, mode) : {};
	}

	const text = (name: string): string => String(raw(name) ?? '').trim();

	function chosen(name: string): string {
		const given = raw(name);
		const value = String((isObject(given) ? given.value : given) ?? '').trim();
		if (value !== '') return value;
		throw invalid(declared(name).displayName, 'Choose an entry from the list or give its ID.');
	}

	return {
		text,
		texts: (...names) =>
			Object.fromEntries(names.map((name) => [name, text(name)]).filter(([, value]) => value)),
		number(name) {
			const value = Number(raw(name));
			if (Number.isFinite(value)) return value;
			throw invalid(declared(name).displayName, 'Give a number.');
		},
		flag: (name) => raw(name) === true,
		list: (name) => toList(raw(name)),
		jsonObject(name) {
			const value = parseJson(declared(name), raw(name)) ?? {};
			if (isObject(value)) return value;
			throw invalid(declared(name).displayName, 'Give one object, e.g. {"key": "value"}.');
		},
		jsonList(name) {
			const value = parseJson(declared(name), raw(name));
			if (Array.isArray(value) && value.every(isObject)) return value;
			throw invalid(declared(name).displayName, 'Give a list of objects, e.g. [{"key": "value"}].');
		},
		value: chosen,
		id: (name) => encodeURIComponent(chosen(name)),
		entries: (name) => entriesOf(declared(name), raw(name)),
		fields: (name) => members(name, 'drop empty'),
		changes: (name) => members(name, 'keep empty'),
		async file(name) {
			const property = String(raw(name) ?? '');
			const { mimeType } = context.helpers.assertBinaryData(itemIndex, property);
			const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, property);
			return { bytes, mimeType };
		},
	};
}
