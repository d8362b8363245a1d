import type { Severity } from '../findings/finding.ts';
import type { ParameterFacts } from '../facts/schema.ts';
import { isObject, own, step, type Json } from '../model/json.ts';
import { packageOf } from '../facts/lookup.ts';
import type { Context } from './context.ts';
import type { Level } from './parameters.ts';

/** Longer values are no ids or addresses, and patterns of foreign facts may be slow on them. */
const MAX_MATCHED = 2_000;

/** Whether a value has the shape that its parameter takes. Several parameters of a name: one that takes it is enough. */
export function checkValue(
	context: Context,
	parameters: readonly ParameterFacts[],
	value: Json,
	{ level, isWritten }: { level: Level; isWritten: boolean },
): void {
	if (isComputed(value)) return;
	const [parameter] = parameters;
	if (parameter === undefined) return;
	const at = { node: level.node, pointer: level.pointer + step(parameter.name) };
	const where = `\`${parameter.name}\` of "${level.node.name}"`;
	switch (parameter.type) {
		case 'options':
		case 'multiOptions':
			checkChoice(context, parameters, value, { at, where });
			return;
		case 'boolean':
		case 'number':
			if (!takes(parameter.type, value))
				context.report(
					'parameter-type-wrong',
					`${where} is ${JSON.stringify(value).slice(0, 60)}.`,
					at,
				);
			return;
		case 'resourceLocator':
			checkLocator(context, parameter, value, {
				at: isWritten ? at : { ...at, severity: 'warning' },
				where,
			});
			return;
		case 'collection':
		case 'fixedCollection':
			checkCollection(context, parameters, value, { at, where });
			return;
		case 'filter':
			checkFilter(context, value, { at, where });
			return;
		case 'assignmentCollection':
			checkAssignments(context, value, { at, where });
			return;
		default:
	}
}

interface Place {
	at: { node: Level['node']; pointer: string; severity?: Severity };
	where: string;
}

function isComputed(value: Json): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function takes(type: string, value: Json): boolean {
	if (value === null || value === '') return true;
	if (type === 'boolean')
		return typeof value === 'boolean' || value === 'true' || value === 'false' || value === 0;
	return typeof value === 'number' || (typeof value === 'string' && !Number.isNaN(Number(value)));
}

function checkChoice(
	context: Context,
	parameters: readonly ParameterFacts[],
	value: Json,
	{ at, where }: Place,
): void {
	// Where n8n loads the choices from the service, nobody here knows them.
	if (parameters.some(({ values }) => values === undefined)) return;
	const choices = parameters.flatMap(({ values }) => values ?? []);
	for (const one of Array.isArray(value) ? value : [value]) {
		if (one === '' || one === null || isComputed(one) || choices.includes(one)) continue;
		const some = choices.slice(0, 12).map((choice) => JSON.stringify(choice));
		context.report('parameter-choice-unknown', `${where} is ${JSON.stringify(one).slice(0, 80)}.`, {
			...at,
			advice: `Choose one of ${some.join(', ')}${choices.length > some.length ? ' ...' : ''}.`,
			// A version that is gone or not known yet may have had it; of our own nodes all is known.
			...(packageOf(at.node.type) === 'n8n-nodes-autopilot' && { severity: 'error' }),
		});
	}
}

function checkLocator(
	{ report }: Context,
	parameter: ParameterFacts,
	value: Json,
	{ at, where }: Place,
): void {
	// Old files have the bare value, which n8n still reads.
	if (typeof value === 'string' || typeof value === 'number' || value === null) return;
	if (!isObject(value) || !Object.hasOwn(value, 'mode') || !Object.hasOwn(value, 'value')) {
		report('parameter-locator-wrong', `${where} is not {__rl, mode, value}.`, {
			...{ ...at, severity: 'warning' },
		});
		return;
	}
	const [name, chosen] = [own(value, 'mode'), own(value, 'value')];
	const mode = parameter.modes?.find((one) => one.name === name);
	if (mode === undefined) {
		report('parameter-locator-wrong', `${where} has the mode ${JSON.stringify(name)}.`, {
			...{ ...at, severity: 'warning' },
		});
		return;
	}
	const text = typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen) : '';
	if (isComputed(text) || text.length > MAX_MATCHED) return;
	// An empty one is missing, which is for parameter-required to say; n8n calls it wrong all the same.
	for (const pattern of mode.patterns ?? []) {
		if (compile(pattern)?.test(text) === false) {
			report(
				'parameter-locator-wrong',
				`${where} is no ${mode.name}: ${JSON.stringify(text).slice(0, 80)}.`,
				at,
			);
			return;
		}
	}
}

const compiled = new Map<string, RegExp | undefined>();

/** A pattern of the facts, unless it is wrong or can take for ever: a group that repeats and holds what repeats. */
function compile(pattern: string): RegExp | undefined {
	if (compiled.has(pattern)) return compiled.get(pattern);
	const isSafe = pattern.length < 500 && !/[+*}][^()]{0,100}\)[+*{]/.test(pattern);
	let made: RegExp | undefined;
	try {
		made = isSafe ? new RegExp(`^${pattern}$`) : undefined;
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	compiled.set(pattern, made);
	return made;
}

function checkCollection(
	{ report }: Context,
	parameters: readonly ParameterFacts[],
	value: Json,
	{ at, where }: Place,
): void {
	const isList = parameters.some(
		({ multiple, type }) => multiple === true && type === 'collection',
	);
	if (isList && Array.isArray(value)) return;
	if (value === null || value === '') return;
	if (!isObject(value)) {
		report('parameter-collection-wrong', `${where} is not an object.`, at);
		return;
	}
	const groups = parameters.flatMap((parameter) => parameter.groups ?? []);
	if (groups.length === 0) return;
	for (const key of Object.keys(value)) {
		const group = groups.find(({ name }) => name === key);
		const inside = own(value, key);
		if (group === undefined) {
			report('parameter-collection-wrong', `${where} has no group \`${key}\`.`, {
				...at,
				pointer: at.pointer + step(key),
				advice: `It has ${groups.map(({ name }) => name).join(', ')}.`,
			});
		} else if (
			parameters.some(({ multiple }) => multiple === true) &&
			inside !== undefined &&
			!Array.isArray(inside) &&
			!isComputed(inside)
		) {
			report('parameter-collection-wrong', `\`${key}\` in ${where} is not a list.`, {
				...{ ...at, pointer: at.pointer + step(key) },
			});
		}
	}
}

function checkFilter({ report }: Context, value: Json, { at, where }: Place): void {
	const conditions = isObject(value) ? own(value, 'conditions') : undefined;
	if (conditions === undefined && isObject(value) && Object.keys(value).length === 0) return;
	if (!Array.isArray(conditions)) {
		report('parameter-filter-wrong', `${where} has no list of conditions.`, at);
		return;
	}
	for (const [index, condition] of conditions.entries()) {
		const operator = isObject(condition) ? own(condition, 'operator') : undefined;
		const isComplete =
			isObject(operator) &&
			typeof own(operator, 'type') === 'string' &&
			typeof own(operator, 'operation') === 'string';
		if (isComplete) continue;
		report('parameter-filter-wrong', `Condition ${index + 1} in ${where} has no operator.`, {
			...{ ...at, pointer: `${at.pointer}/conditions/${index}` },
		});
	}
}

function checkAssignments({ report }: Context, value: Json, { at, where }: Place): void {
	const assignments = isObject(value) ? own(value, 'assignments') : undefined;
	if (!Array.isArray(assignments)) return;
	for (const [index, assignment] of assignments.entries()) {
		const name = isObject(assignment) ? own(assignment, 'name') : undefined;
		if (typeof name === 'string' && name !== '') continue;
		report('parameter-assignment-wrong', `Field ${index + 1} in ${where} has no name.`, {
			...{ ...at, pointer: `${at.pointer}/assignments/${index}` },
		});
	}
}
