import { PARSE_PROBLEMS, type ParseCode } from '../../model/problems.ts';
import { from, type Example, type Rule } from '../rule.ts';
import { flow, node, START, showing } from './examples.ts';

/** What parse() finds before any rule is asked. */
const TEXTS: Record<ParseCode, [title: string, why: string, bad: Example, good: Example]> = {
	'file-too-large': [
		'The file is too large',
		'Real workflows stay below 3 MB. Above the limit nothing is read, so that a hostile file costs neither memory nor time.',
		text('"a file of 20 MB"'),
		fine(),
	],
	'file-encoding': [
		'The file is not UTF-8',
		'n8n reads files as UTF-8 and refuses UTF-16; other bytes become question marks in texts.',
		text('"saved as UTF-16"'),
		fine(),
	],
	'json-syntax': [
		'The file is not JSON',
		'n8n reads it with JSON.parse: comments, trailing commas and single quotes end the import.',
		text('{"name": "Example", "nodes": [],}'),
		fine(),
	],
	'json-duplicate-key': [
		'A key is there twice in one object',
		'Readers take the last one and drop the other without a word; a merge often leaves such a pair.',
		text('{"id": "example", "name": "One", "name": "Two", "nodes": [], "connections": {}}'),
		fine(),
	],
	'json-unsafe-key': [
		'A key is named __proto__',
		'Code that copies the object key by key would change its prototype. No node has such a parameter.',
		text('{"id": "example", "name": "Example", "nodes": [], "connections": {}, "__proto__": {}}'),
		fine(),
	],
	'json-too-deep': [
		'The JSON is nested too deeply',
		'Real workflows have 30 levels. Deeper ones are made to exhaust the stack of whoever reads them.',
		text('[[[[[[[["and 200 more"]]]]]]]]'),
		fine(),
	],
	'json-too-many-values': [
		'The JSON has too many values',
		'Pinned data can hold a whole table; a reader then needs memory for each cell.',
		text('"a million numbers"'),
		fine(),
	],
	'not-json': [
		'The data is not JSON',
		'Only a program can hand such data over: functions, dates, cycles and NaN have no place in a file.',
		text('NaN'),
		fine(),
	],
	'no-workflow': [
		'There is no workflow in the file',
		'n8n looks for an object that has `nodes` and `connections`.',
		{ file: { name: 'Example', steps: [] }, show: '' },
		fine(),
	],
	'too-many-workflows': [
		'The file has too many workflows',
		'More than a thousand in one file is a backup, and no file to work with.',
		text('"a list of 1001 workflows"'),
		fine(),
	],
	'too-many-nodes': [
		'The workflow has too many nodes',
		'The largest published ones have some 250. n8n loads all of them for each execution.',
		text('"10001 nodes"'),
		fine(),
	],
	'too-many-connections': [
		'The workflow has too many connections',
		'As with nodes: the limit is far above anything that was drawn by hand.',
		text('"50001 connections"'),
		fine(),
	],
	'nodes-shape': [
		'`nodes` is not a list',
		'n8n goes through it as a list and ends the import.',
		{ file: { ...flow([]), nodes: {} }, show: '/nodes' },
		fine(),
	],
	'node-shape': [
		'An entry of `nodes` is not an object',
		'n8n ends the import at the first such entry.',
		{ file: flow([START, null]), show: '/nodes' },
		fine(),
	],
	'node-name-missing': [
		'A node has no name',
		'Connections and expressions refer to nodes by name; n8n refuses a workflow with a nameless one.',
		showing({ ...node('Here', 'set'), name: '' }),
		showing(node('Here', 'set')),
	],
	'node-type-missing': [
		'A node has no type',
		'n8n refuses the workflow.',
		showing({ ...node('Here', 'set'), type: '' }),
		showing(node('Here', 'set')),
	],
	'node-type-version': [
		'A node’s typeVersion is missing or no number',
		'Without it n8n takes the newest version, whose parameters may be others; one that is not a number ends the import.',
		showing({ ...node('Here', 'set'), typeVersion: '3.4' }),
		showing(node('Here', 'set')),
	],
	'node-position': [
		'A node has no position on the canvas',
		'n8n refuses a node whose position is not two numbers.',
		showing({ ...node('Here', 'set'), position: { x: 0, y: 0 } }),
		showing(node('Here', 'set')),
	],
	'node-parameters': [
		'A node’s parameters are no object',
		'n8n refuses the workflow.',
		showing({ ...node('Here', 'set'), parameters: [] }),
		showing(node('Here', 'set')),
	],
	'connections-shape': [
		'Connections have an unusual shape',
		'The kit reads what was meant; n8n refuses anything but lists of {node, type, index}.',
		{
			file: flow([START, node('Here', 'set')], [], {
				connections: { Start: { main: [{ node: 'Here', type: 'main', index: 0 }] } },
			}),
			show: '/connections',
		},
		fine('/connections'),
	],
	'credential-shape': [
		'A credential has an unusual shape',
		'Very old versions of n8n wrote only a name. n8n looks such a name up; when two credentials have it, none is taken.',
		showing(node('Here', 'httpRequest', {}, { credentials: { httpBasicAuth: 'Shop' } })),
		showing(
			node(
				'Here',
				'httpRequest',
				{},
				{ credentials: { httpBasicAuth: { id: 'shop', name: 'Shop' } } },
			),
		),
	],
	'settings-shape': [
		'`settings` or `pinData` is no object',
		'n8n stores it as it is and ignores it.',
		{ file: flow([START], [], { settings: 'none' }), show: '/settings' },
		fine('/settings'),
	],
	'group-shape': [
		'A group of nodes has an unusual shape',
		'Groups are {id, name, nodeIds}; n8n refuses some other shapes and cannot draw the rest.',
		{ file: flow([START], [], { nodeGroups: [{ name: 'All' }] }), show: '/nodeGroups' },
		{
			file: flow([START], [], {
				nodeGroups: [{ id: 'g1', name: 'All', nodeIds: [START.id ?? ''] }],
			}),
			show: '/nodeGroups',
		},
	],
};

/** Those that no short example can show; the shape of connections has a rule that says more about each. */
export const LIMIT_CODES: readonly ParseCode[] = [
	...(['file-too-large', 'file-encoding', 'json-too-deep', 'json-too-many-values'] as const),
	...(['not-json', 'too-many-workflows', 'too-many-nodes', 'too-many-connections'] as const),
	'connections-shape',
];

/** What the reader forgives and n8n does not. */
export const REFUSED_BY_N8N: ReadonlySet<string> = new Set(['node-position', 'node-parameters']);

export const parseRules = Object.fromEntries(
	Object.entries(PARSE_PROBLEMS).map(([code, [severity, advice]]) => {
		const [title, why, bad, good] = TEXTS[code as ParseCode];
		const level = REFUSED_BY_N8N.has(code) ? 'error' : severity;
		return [code, { severity: from('import', level), title, why, advice, bad, good }];
	}),
) as Record<ParseCode, Rule>;

function text(file: string): Example {
	return { file, show: '' };
}

function fine(show = ''): Example {
	if (show === '')
		return text('{"id": "example", "name": "Example", "nodes": [], "connections": {}}');
	return { file: flow([START, node('Here', 'set')], ['Start > Here']), show };
}
