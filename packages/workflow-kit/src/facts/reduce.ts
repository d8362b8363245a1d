import { isObject, own, ownString, type Json, type JsonObject } from '../model/json.ts';
import type {
	Conditions,
	CredentialSlot,
	Facts,
	NodeFacts,
	ParameterFacts,
	PortFacts,
	Ports,
	Shown,
} from './schema.ts';

/** Fixed collections nest four deep in n8n's own nodes. */
const MAX_DEPTH = 12;

/**
 * Reduces what n8n serves at `/types/nodes.json` and `/types/credentials.json` to what rules need: names, versions,
 * ports, parameters and when they are shown. Descriptions, icons, labels and routing stay with n8n.
 * @param prefix put before type names that have none, for the files inside n8n's node packages
 */
export function reduceFacts(
	given: { nodes: unknown; credentials: unknown; n8nVersion?: string },
	prefix = '',
): Facts {
	const nodes = list(given.nodes).filter(isObject);
	const credentials = list(given.credentials).filter(isObject);
	return {
		format: 1,
		...(given.n8nVersion !== undefined && { n8nVersion: given.n8nVersion }),
		nodes: nodes
			.map((node) => reduceNode(node, prefix))
			.sort((left, right) => compare(left.type, right.type) || compareVersions(left, right)),
		credentials: [...new Set(credentials.map((one) => ownString(one, 'name') ?? ''))]
			.filter((type) => type !== '')
			.sort(compare)
			.map((type) => ({ type })),
	};
}

function reduceNode(node: JsonObject, prefix: string): NodeFacts {
	const name = ownString(node, 'name') ?? '';
	const webhooks = list(own(node, 'webhooks')).filter(isObject);
	const isResumed = (webhook: JsonObject) => own(webhook, 'restartWebhook') === true;
	const isTrigger =
		list(own(node, 'group')).includes('trigger') ||
		webhooks.some((webhook) => !isResumed(webhook)) ||
		own(node, 'polling') === true;
	return {
		type: name.includes('.') ? name : prefix + name,
		versions: [own(node, 'version')].flat().filter((version) => typeof version === 'number'),
		...(isTrigger && { trigger: true }),
		...(!isTrigger && webhooks.length > 0 && { resumes: true }),
		...(own(node, 'hidden') === true && { hidden: true }),
		...(own(node, 'usableAsTool') !== undefined &&
			own(node, 'usableAsTool') !== false && { tool: true }),
		inputs: reducePorts(own(node, 'inputs')),
		outputs: reducePorts(own(node, 'outputs')),
		credentials: list(own(node, 'credentials')).filter(isObject).map(reduceSlot),
		parameters: reduceParameters(own(node, 'properties'), 0),
	};
}

function reducePorts(value: Json | undefined): Ports {
	if (typeof value === 'string') return 'dynamic';
	return list(value).flatMap((port): PortFacts[] => {
		if (typeof port === 'string') return [{ type: port }];
		if (!isObject(port)) return [];
		const max = own(port, 'maxConnections');
		return [
			{
				type: ownString(port, 'type') ?? 'main',
				...(own(port, 'required') === true && { required: true }),
				...(typeof max === 'number' && { max }),
			},
		];
	});
}

function reduceSlot(slot: JsonObject): CredentialSlot {
	return {
		type: ownString(slot, 'name') ?? '',
		...(own(slot, 'required') === true && { required: true }),
		...reduceShown(slot),
	};
}

function reduceShown(of: JsonObject): Shown {
	const given = own(of, 'displayOptions');
	if (!isObject(given)) return {};
	const conditions = (key: string): Conditions | undefined => {
		const value = own(given, key);
		if (!isObject(value)) return undefined;
		return Object.fromEntries(Object.entries(value).map(([name, values]) => [name, list(values)]));
	};
	const show = conditions('show');
	const hide = conditions('hide');
	return { ...(show && { show }), ...(hide && { hide }) };
}

function reduceParameters(value: Json | undefined, depth: number): ParameterFacts[] {
	if (depth > MAX_DEPTH) return [];
	return list(value)
		.filter(isObject)
		.filter((parameter) => ownString(parameter, 'name') !== undefined)
		.map((parameter) => reduceParameter(parameter, depth));
}

function reduceParameter(parameter: JsonObject, depth: number): ParameterFacts {
	const type = ownString(parameter, 'type') ?? 'string';
	const settings = own(parameter, 'typeOptions');
	const setting = (key: string) => (isObject(settings) ? own(settings, key) : undefined);
	const fallback = own(parameter, 'default');
	const [min, max] = [setting('minRequiredFields'), setting('maxAllowedFields')];
	return {
		name: ownString(parameter, 'name') ?? '',
		type,
		...(own(parameter, 'required') === true && { required: true }),
		// An empty default says nothing that its absence does not.
		...(fallback !== undefined && fallback !== '' && !isEmpty(fallback) && { default: fallback }),
		...reduceOptions(type, parameter, depth),
		...(setting('multipleValues') !== undefined && { multiple: true }),
		...(typeof min === 'number' && { min }),
		...(typeof max === 'number' && { max }),
		...(setting('password') === true && { password: true }),
		...reduceShown(parameter),
	};
}

function reduceOptions(
	type: string,
	parameter: JsonObject,
	depth: number,
): Pick<ParameterFacts, 'values' | 'fields' | 'groups' | 'modes'> {
	const options = own(parameter, 'options');
	switch (type) {
		case 'options':
		case 'multiOptions': {
			const settings = own(parameter, 'typeOptions');
			const isLoaded =
				isObject(settings) &&
				(Object.hasOwn(settings, 'loadOptionsMethod') || Object.hasOwn(settings, 'loadOptions'));
			if (isLoaded || own(parameter, 'allowArbitraryValues') === true) return {};
			const values = list(options).filter(isObject);
			return { values: values.map((option) => own(option, 'value') ?? null) };
		}
		case 'collection':
			return { fields: reduceParameters(options, depth + 1) };
		case 'fixedCollection':
			return {
				groups: list(options)
					.filter(isObject)
					.map((group) => ({
						name: ownString(group, 'name') ?? '',
						fields: reduceParameters(own(group, 'values'), depth + 1),
					})),
			};
		case 'resourceLocator':
			return { modes: list(own(parameter, 'modes')).filter(isObject).map(reduceMode) };
		default:
			return {};
	}
}

function reduceMode(mode: JsonObject): { name: string; patterns?: string[] } {
	const patterns = list(own(mode, 'validation'))
		.filter(isObject)
		.map((validation) => own(validation, 'properties'))
		.flatMap((properties) => (isObject(properties) ? (ownString(properties, 'regex') ?? []) : []));
	return { name: ownString(mode, 'name') ?? '', ...(patterns.length > 0 && { patterns }) };
}

function list(value: unknown): Json[] {
	return Array.isArray(value) ? value : [];
}

function isEmpty(value: Json): boolean {
	return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function compare(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}

function compareVersions(left: NodeFacts, right: NodeFacts): number {
	return Math.max(0, ...left.versions) - Math.max(0, ...right.versions);
}
