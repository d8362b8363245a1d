import { isObject, own, type Json } from '../model/json.ts';
import type { Facts } from './schema.ts';

/** Whether data is a facts file of this format, so far as the rules rely on it. */
export function isFacts(value: unknown): value is Facts {
	if (!isObject(value) || own(value, 'format') !== 1) return false;
	const [nodes, credentials] = [own(value, 'nodes'), own(value, 'credentials')];
	if (!Array.isArray(nodes) || !Array.isArray(credentials)) return false;
	return nodes.every(isNode) && credentials.every((one) => hasText(one, 'type'));
}

function isNode(value: Json): boolean {
	if (!isObject(value) || !hasText(value, 'type')) return false;
	const lists = ['versions', 'credentials', 'parameters'];
	return (
		lists.every((key) => Array.isArray(own(value, key))) &&
		['inputs', 'outputs'].every(
			(key) => own(value, key) === 'dynamic' || Array.isArray(own(value, key)),
		)
	);
}

function hasText(value: Json, key: string): boolean {
	return isObject(value) && typeof own(value, key) === 'string';
}
