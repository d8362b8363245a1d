import type { JsonObject } from '../../src/index.ts';
import { flow, node, START } from '../../src/validate/rules/examples.ts';

/** Workflows at the border of what n8n's import takes, each a trap that was found by asking it. */
export function edges(): Map<string, unknown> {
	const found = new Map<string, unknown>();
	const whole = (label: string, more: Record<string, unknown>) =>
		found.set(label, { ...flow([START, node('Here', 'set')], ['Start > Here']), ...more });
	const here = (label: string, more: Record<string, unknown>) =>
		found.set(label, {
			...flow([START], ['Start > Here']),
			nodes: [START, { ...node('Here', 'set'), ...more }],
		});
	const NUL = 'a\u0000b';
	for (const [label, document] of Object.entries({
		...{ 'null alone': null, 'a text alone': 'x', 'a number alone': 1, 'an empty list': [] },
		'a list with null': [null],
		'a list of two': [flow([START]), flow([START], [], { id: 'two' })],
		'a list without ids': [{ name: 'A', nodes: [], connections: {} }],
		'a list in a list': [[flow([START])]],
	})) {
		found.set(label, document);
	}
	for (const name of [null, '', 7, { a: 1 }, 'x'.repeat(128), NUL, 'a\ud800b'])
		whole(`name ${label(name)}`, { name });
	for (const id of [null, '', true, { a: 1 }, 'x'.repeat(36), NUL])
		whole(`id ${label(id)}`, { id });
	for (const key of [
		'staticData',
		'meta',
		'pinData',
		'settings',
		'description',
		'versionMetadata',
	]) {
		for (const value of [null, 'x', '{"a":1}', 5, [], { name: NUL }])
			whole(`${key} ${label(value)}`, { [key]: value });
	}
	for (const key of ['isArchived', 'versionCounter', 'triggerCount', 'createdAt', 'updatedAt']) {
		for (const value of [null, 'x', 1, 1.5, 1e12, '5', '2024-01-01', true])
			whole(`${key} ${label(value)}`, { [key]: value });
	}
	for (const key of ['parentFolder', 'activeVersion', 'nodeGroups', 'shared', 'connections']) {
		for (const value of [null, 'x', {}, { id: 'x' }, { versionId: 'x' }, [], [null], 4])
			whole(`${key} ${label(value)}`, { [key]: value });
	}
	const tags: unknown[] = [
		...['abc', null, 5, [{}], [null], [{ id: 'x' }], [{ name: 'n' }], [{ id: 'a', name: 5 }]],
		[{ id: 'x'.repeat(50), name: 'z' }],
		[
			{ id: 'a1', name: 'twice' },
			{ id: 'a2', name: 'twice' },
		],
		[
			{ id: 'b1', name: 'same' },
			{ id: 'b1', name: 'same' },
		],
		[{ id: 'a8', name: 'dated', createdAt: 'x' }],
	];
	tags.forEach((value, index) => whole(`tags ${index}`, { tags: value }));
	const credentials: unknown[] = [[], [null], [{ a: 1 }], 'abc', '', true, 5, {}, { smtp: {} }];
	credentials.push({ smtp: 5 }, { smtp: { id: 5 } }, { smtp: { id: {} } }, { smtp: { name: NUL } });
	for (const value of credentials) here(`credentials ${label(value)}`, { credentials: value });
	for (const id of [null, 0, false, 5, {}, '']) here(`node id ${label(id)}`, { id });
	for (const position of [null, [1], [1, 2, 3], [1.5, -2], { x: 1, y: 2 }, '1,2'])
		here(`position ${label(position)}`, { position });
	for (const parameters of [null, [], 'x']) here(`parameters ${label(parameters)}`, { parameters });
	for (const typeVersion of [null, '1', 99, -1])
		here(`version ${label(typeVersion)}`, { typeVersion });
	for (const disabled of [null, 'true', 0]) here(`disabled ${label(disabled)}`, { disabled });
	for (const retryOnFail of ['x', null]) here(`retry ${label(retryOnFail)}`, { retryOnFail });
	here('webhookId 5', { webhookId: 5 });
	here('type of 400 characters', { type: 'x'.repeat(400) });
	for (const type of ['n8n-nodes-base.executeWorkflow', '@n8n/n8n-nodes-langchain.toolWorkflow']) {
		for (const parameters of [
			{},
			{ workflowId: null },
			{ workflowId: 5 },
			{ workflowId: { value: 5 } },
		])
			here(`${type} ${label(parameters)}`, { type, parameters });
		found.set(`${type} bare`, {
			...flow([START]),
			nodes: [START, { name: 'Here', type, position: [0, 0], typeVersion: 1 }],
		});
	}
	found.set('node named __proto__', flow([{ ...(START as JsonObject), name: '__proto__' }]));
	whole('connections of constructor', { connections: { constructor: { main: [] } } });
	whole('connections of no outputs', { connections: { Start: {}, Here: { main: [] } } });
	whole('settings.errorWorkflow 5', { settings: { errorWorkflow: 5 } });
	return found;
}

function label(value: unknown): string {
	return JSON.stringify(value).slice(0, 40);
}
