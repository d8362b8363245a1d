import type { JsonObject } from '@autopilot/workflow-kit';
import { isSame, type Content } from './content.ts';

const NOTHING: Content = { name: '', nodes: [], connections: {}, settings: {} };

/** Where two contents differ, in a few words each: `+ node "Pay"`, `node "Price" (parameters)`, `connections`. */
export function differences(before: Content, after: Content): string[] {
	const [old, now] = [nodesByName(before), nodesByName(after)];
	const nodes = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
		const [was, is] = [old.get(name), now.get(name)];
		if (was === undefined) return `+ node "${name}"`;
		if (is === undefined) return `- node "${name}"`;
		const keys = changedKeys(was, is);
		return keys.length === 0 ? [] : `node "${name}" (${keys.join(', ')})`;
	});
	const differs = (key: 'connections' | 'settings' | 'nodeGroups') =>
		!isSame({ ...NOTHING, [key]: before[key] ?? [] }, { ...NOTHING, [key]: after[key] ?? [] });
	return [
		...(before.name === after.name ? [] : [`name "${before.name}" -> "${after.name}"`]),
		...nodes,
		...(differs('connections') ? ['connections'] : []),
		...(differs('settings')
			? [`settings (${changedKeys(before.settings, after.settings).join(', ')})`]
			: []),
		...(differs('nodeGroups') ? ['groups'] : []),
		...((before.description ?? '') === (after.description ?? '') ? [] : ['description']),
	];
}

function nodesByName({ nodes }: Content): Map<string, JsonObject> {
	return new Map(nodes.map((node) => [String(node['name']), node]));
}

function changedKeys(was: JsonObject, is: JsonObject): string[] {
	const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
	return keys.filter((key) => {
		const only = (object: JsonObject): Content => ({
			...NOTHING,
			nodes: [key in object ? { [key]: object[key] ?? null } : {}],
		});
		return !isSame(only(was), only(is));
	});
}
