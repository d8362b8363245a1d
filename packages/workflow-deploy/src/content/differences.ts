import {
	diffText,
	diffWorkflows,
	parse,
	type JsonObject,
	type Workflow,
} from '@autopilot/workflow-kit';
import { asWorkflow, isSame, type Content } from './content.ts';

const NOTHING: Content = { name: '', nodes: [], connections: {}, settings: {} };

/** A content as the kit compares, draws and merges it. */
export function modelOf(content: Content): Workflow {
	const [workflow] = parse(asWorkflow('workflow', content)).workflows;
	if (workflow === undefined) throw new Error(`"${content.name}" is no workflow`);
	return workflow;
}

type Paint = NonNullable<Parameters<typeof diffText>[1]>;

/** What changes from one content to the other, in lines for people. */
export function changeLines(before: Content, after: Content, paint?: Paint): string[] {
	const text = diffText(diffWorkflows(modelOf(before), modelOf(after)), paint);
	// Of groups and descriptions only these words are known.
	return text === '' ? differences(before, after) : text.trimEnd().split('\n');
}

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
