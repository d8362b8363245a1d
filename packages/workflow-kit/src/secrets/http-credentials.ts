import { isObject, own, ownString, setOwn, type Json, type JsonObject } from '../model/json.ts';
import { findSecrets } from './scan.ts';

export interface CredentialReference {
	node: string;
	/** Of n8n: httpHeaderAuth, httpBearerAuth, httpBasicAuth or httpQueryAuth. */
	type: string;
	/** Of the header or query parameter. */
	name: string;
}

/**
 * An HTTP request that carries one secret in one header or query parameter gets a generic credential
 * in its place, as n8n means it. Anything else is left to placeholders.
 */
export function referCredential(
	node: JsonObject,
): { node: JsonObject; reference: CredentialReference } | undefined {
	const parameters = own(node, 'parameters');
	const version = own(node, 'typeVersion');
	if (ownString(node, 'type') !== 'n8n-nodes-base.httpRequest' || !isObject(parameters))
		return undefined;
	if (typeof version !== 'number' || version < 3) return undefined;
	const authentication = own(parameters, 'authentication');
	if (authentication !== undefined && authentication !== 'none') return undefined;

	const carriers = [
		...fieldsOf(parameters, 'headerParameters'),
		...fieldsOf(parameters, 'queryParameters'),
	];
	const [carrier] = carriers;
	if (carrier === undefined || carriers.length !== 1) return undefined;
	const value = ownString(carrier.field, 'value') ?? '';
	if (value.includes('{{')) return undefined;
	const type = credentialType(carrier.list, carrier.name, value);
	const changed: JsonObject = {};
	for (const key of Object.keys(parameters)) setOwn(changed, key, own(parameters, key) ?? null);
	changed['authentication'] = 'genericCredentialType';
	changed['genericAuthType'] = type;
	takeOut(changed, carrier);
	const credentials = own(node, 'credentials');
	return {
		node: {
			...node,
			parameters: changed,
			credentials: { ...(isObject(credentials) && credentials), [type]: { name: carrier.name } },
		},
		reference: { node: ownString(node, 'name') ?? '', type, name: carrier.name },
	};
}

interface Carrier {
	list: 'headerParameters' | 'queryParameters';
	index: number;
	name: string;
	field: JsonObject;
}

/** The fields of a list that hold secrets. */
function fieldsOf(parameters: JsonObject, list: Carrier['list']): Carrier[] {
	const holder = own(parameters, list);
	const fields = isObject(holder) ? own(holder, 'parameters') : undefined;
	if (!Array.isArray(fields)) return [];
	return fields.flatMap((field: Json, index) => {
		if (!isObject(field)) return [];
		const secrets = findSecrets({ [list]: { parameters: [field] } });
		return secrets.length === 0
			? []
			: [{ list, index, field, name: ownString(field, 'name') ?? '' }];
	});
}

function credentialType(list: Carrier['list'], name: string, value: string): string {
	if (list === 'queryParameters') return 'httpQueryAuth';
	if (name.toLowerCase() !== 'authorization') return 'httpHeaderAuth';
	if (/^=?Bearer\s/i.test(value)) return 'httpBearerAuth';
	return /^=?Basic\s/i.test(value) ? 'httpBasicAuth' : 'httpHeaderAuth';
}

function takeOut(parameters: JsonObject, { list, index }: Carrier): void {
	const holder = own(parameters, list);
	const fields = isObject(holder) ? own(holder, 'parameters') : undefined;
	if (!isObject(holder) || !Array.isArray(fields)) return;
	const rest = fields.toSpliced(index, 1);
	if (rest.length > 0) {
		parameters[list] = { ...holder, parameters: rest };
		return;
	}
	// an empty list with `sendHeaders` on would be a header without a name
	setOwn(parameters, list === 'headerParameters' ? 'sendHeaders' : 'sendQuery', false);
	Reflect.deleteProperty(parameters, list);
}
