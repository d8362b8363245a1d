import { isShown, type DisplayScope } from '../facts/display.ts';
import type { NodeLookup } from '../facts/lookup.ts';
import type { ParameterFacts } from '../facts/schema.ts';
import { isObject, own, step, type Json, type JsonObject } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';
import { scopeInside, scopeOf } from './scope.ts';
import { isConnectedOrTrigger } from './types.ts';
import { checkValue } from './values.ts';

/** A level of a node's parameters: the node itself, or an entry of a collection. */
export interface Level {
	node: WorkflowNode;
	values: JsonObject;
	pointer: string;
	/** As n8n's check before publishing sees it. */
	written: DisplayScope;
	/** As the running node sees it. */
	effective: DisplayScope;
}

export function checkParameters(context: Context): void {
	for (const node of context.workflow.nodes) {
		const type = context.typeOf(node);
		if (type === undefined || node.disabled) continue;
		checkNode(context, node, type);
	}
}

function checkNode(context: Context, node: WorkflowNode, type: NodeLookup): void {
	const level: Level = {
		node,
		values: node.parameters,
		pointer: `${node.pointer}/parameters`,
		written: scopeOf(node, type, 'written'),
		effective: scopeOf(node, type, 'effective'),
	};
	if (isConnectedOrTrigger(context, node)) {
		for (const parameter of type.demanding) checkDemand(context, parameter, level);
	}
	for (const name of Object.keys(node.parameters)) {
		const value = own(node.parameters, name);
		const candidates = type.parameters.get(name);
		if (candidates === undefined) {
			if (!KNOWN_ANYWAY.has(name)) {
				context.report('parameter-unknown', `"${node.name}" has no parameter \`${name}\`.`, {
					...{ node, pointer: level.pointer + step(name) },
				});
			}
			continue;
		}
		const shown = shownOf(candidates, level.effective);
		if (value === undefined || shown.length === 0) continue;
		const isWritten = shown.some((one) => isShown(one, level.written));
		checkValue(context, shown, value, { level, isWritten });
	}
}

/** Most names have one parameter. */
function shownOf(
	candidates: readonly ParameterFacts[],
	scope: DisplayScope,
): readonly ParameterFacts[] {
	const [first] = candidates;
	if (first === undefined || candidates.length > 1)
		return candidates.filter((one) => isShown(one, scope));
	return isShown(first, scope) ? candidates : [];
}

/** Those that n8n adds to every node, or once had for many. */
const KNOWN_ANYWAY = new Set([
	...['requestOptions', 'notice', 'authentication', 'nodeCredentialType', 'genericAuthType'],
	...['options', 'simple', 'additionalFields', 'updateFields', 'filters', 'toolDescription'],
	...['descriptionType', 'customHeaders'],
]);

/** What must have a value, or holds something that must. */
function checkDemand(context: Context, parameter: ParameterFacts, level: Level): void {
	if (parameter.required !== true && parameter.groups === undefined) return;
	const isWritten = isShown(parameter, level.written);
	if (!isWritten && !isShown(parameter, level.effective)) return;
	const value = own(level.values, parameter.name);
	const values = parameter.multiple === true ? (Array.isArray(value) ? value : []) : [value];
	const isMissing = (one: Json | undefined) => isEmpty(parameter, one);
	if (parameter.required === true && values.some(isMissing)) {
		// What the default fills in is only missing in the eyes of n8n's check before publishing.
		const hasDefault = value === undefined && parameter.default !== undefined;
		if (isWritten || !hasDefault) {
			context.report(
				'parameter-required',
				`"${level.node.name}" needs a value for \`${parameter.name}\`.`,
				{
					node: level.node,
					pointer: value === undefined ? level.pointer : level.pointer + step(parameter.name),
					...(!isWritten && { severity: 'warning' }),
					...(hasDefault && {
						advice: `Write it out, also if it is the default ${JSON.stringify(parameter.default)}: n8n's check before publishing sees only what the file says.`,
					}),
				},
			);
		}
	}
	if (parameter.groups !== undefined && isWritten) checkGroups(context, parameter, value, level);
}

/** By n8n's own measure of what counts as nothing. */
function isEmpty({ type, required }: ParameterFacts, value: Json | undefined): boolean {
	switch (type) {
		case 'string':
		case 'dateTime':
		case 'options':
			return value === '' || value === undefined;
		case 'multiOptions':
			return Array.isArray(value) && value.length === 0;
		case 'resourceLocator':
		case 'workflowSelector':
		case 'agentSelector':
			return required === true && !isLocated(value);
		default:
			return false;
	}
}

function isLocated(value: Json | undefined): boolean {
	if (isObject(value)) return Boolean(own(value, 'value'));
	return Boolean(value);
}

function checkGroups(
	context: Context,
	parameter: ParameterFacts,
	value: Json | undefined,
	level: Level,
): void {
	for (const group of parameter.groups ?? []) {
		const entries = isObject(value) ? own(value, group.name) : undefined;
		const count = Array.isArray(entries) ? entries.length : 0;
		const { min = 0, max = Infinity } = parameter;
		if (count < min || count > max) {
			context.report(
				'parameter-entries-count',
				`\`${parameter.name}\` of "${level.node.name}" has ${count} entries; ${count < min ? `at least ${min}` : `at most ${max}`} are needed.`,
				{ node: level.node, pointer: level.pointer },
			);
		}
		if (entries === undefined) continue;
		const isList = parameter.multiple === true;
		if (isList && !Array.isArray(entries)) continue;
		const list = Array.isArray(entries) && isList ? entries : [entries];
		for (const [index, entry] of list.entries()) {
			if (!isObject(entry)) continue;
			const at = level.pointer + step(parameter.name) + step(group.name);
			const inside: Level = {
				node: level.node,
				values: entry,
				pointer: isList ? at + step(index) : at,
				written: scopeInside(level.written, entry, group.fields, 'written'),
				effective: scopeInside(level.effective, entry, group.fields, 'effective'),
			};
			for (const field of group.fields) {
				if (field.required === true || field.groups !== undefined)
					checkDemand(context, field, inside);
			}
		}
	}
}
