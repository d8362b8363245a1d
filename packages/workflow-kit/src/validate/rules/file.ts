import { from, type Rule } from '../rule.ts';
import { flow, node, START, workflowWith } from './examples.ts';

const NAMED = workflowWith({ name: 'Example' }, 'name');
const TAGGED = workflowWith({ tags: [{ id: 'k3X9', name: 'shop' }] }, 'tags');

export const fileRules = {
	'file-byte-order-mark': {
		severity: from('import', 'error'),
		title: 'The file begins with a byte order mark',
		why: 'n8n hands the whole text to JSON.parse, which takes the mark for a wrong character.',
		advice: 'Save the file as UTF-8 without a byte order mark.',
		bad: {
			file: '\uFEFF{"id": "example", "name": "Example", "nodes": [], "connections": {}}',
			show: '',
		},
		good: {
			file: '{"id": "example", "name": "Example", "nodes": [], "connections": {}}',
			show: '',
		},
	},
	'file-wrapped': {
		severity: from('import', 'error'),
		title: 'The workflow stands inside another object',
		why: 'Template galleries and the API answer {workflow: {...}} or {data: ...}; `n8n import:workflow` takes only the workflow itself, or a list of workflows.',
		advice: 'Write the inner object into a file of its own.',
		bad: { file: { workflow: flow([START]) }, show: '' },
		good: { file: flow([START]), show: '' },
	},
	'connections-missing': {
		severity: from('import', 'error'),
		title: '`connections` is missing',
		why: 'n8n says “File does not seem to contain valid workflows”, also for a workflow that connects nothing.',
		advice: 'Write `"connections": {}`.',
		bad: { file: { id: 'example', name: 'Example', nodes: [START] }, show: '' },
		good: { file: flow([START]), show: '/connections' },
	},
	'workflow-name-missing': {
		severity: from('import', 'error'),
		title: 'The workflow has no name',
		why: 'Templates of a gallery often come without: the gallery keeps the name. n8n’s database refuses a workflow without one.',
		advice: 'Add `name`.',
		bad: { file: { id: 'example', nodes: [START], connections: {} }, show: '' },
		good: NAMED,
	},
	'workflow-name-wrong': {
		severity: from('import', 'error'),
		title: 'The workflow’s name cannot be stored',
		why: 'n8n’s database takes at most 128 characters and no NUL.',
		advice: 'Choose a name of at most 128 characters.',
		bad: workflowWith({ name: 'A very long name '.repeat(10) }, 'name'),
		good: NAMED,
	},
	'workflow-name-empty': {
		severity: from('run', 'warning'),
		title: 'The workflow’s name is empty',
		why: 'It can be imported, but nobody finds it in a list.',
		advice: 'Give it a name that says what it does.',
		bad: workflowWith({ name: '' }, 'name'),
		good: NAMED,
	},
	'workflow-id-missing': {
		severity: from('import', 'error'),
		title: 'A workflow of a list has no id',
		why: 'n8n makes an id for a file that holds one workflow (with --separate). In a list it does not, and its database refuses the row.',
		advice: 'Give each workflow of the list an `id`, or one file each.',
		bad: { file: [{ name: 'One', nodes: [START], connections: {} }], show: '/0' },
		good: { file: [flow([START])], show: '/0/id' },
	},
	'workflow-id-wrong': {
		severity: from('import', 'error'),
		title: 'The workflow’s id cannot be stored',
		why: 'n8n takes a text of at most 36 characters; a number or an object ends the import.',
		advice: 'Use a short text of letters, digits and dashes.',
		bad: workflowWith({ id: 4711 }, 'id'),
		good: workflowWith({ id: 'example' }, 'id'),
	},
	'workflow-id-long': {
		severity: from('run', 'warning'),
		title: 'The workflow’s id is longer than 21 characters',
		why: 'n8n imports it, but then saves neither static data nor statistics for it: a polling trigger would start over at each run.',
		advice: 'Use an id of at most 21 characters.',
		bad: workflowWith({ id: 'a-really-long-workflow-id' }, 'id'),
		good: workflowWith({ id: 'example' }, 'id'),
	},
	'workflow-archived': {
		severity: from('import', 'error'),
		title: 'The workflow is archived',
		why: 'n8n imports it and then refuses to publish it.',
		advice: 'Remove `isArchived`.',
		bad: workflowWith({ isArchived: true }, 'isArchived'),
		good: workflowWith({ isArchived: false }, 'isArchived'),
	},
	'workflow-tags-wrong': {
		severity: from('import', 'error'),
		title: 'Tags cannot be stored',
		why: 'A tag is {id, name} with a name of at most 24 characters; n8n’s database refuses texts, empty objects and two tags of one name.',
		advice: 'Write tags as [{id, name}], or leave them out.',
		bad: workflowWith({ tags: ['shop'] }, 'tags'),
		good: TAGGED,
	},
	'workflow-field-wrong': {
		severity: from('import', 'error'),
		title: 'A field has a value that n8n’s database refuses',
		why: 'Exports carry fields of the database: dates, counters, flags, static data. n8n writes them back as they stand and ends the import when one does not fit.',
		advice: 'Remove the field; n8n makes its own.',
		bad: workflowWith({ createdAt: 'yesterday' }, 'createdAt'),
		good: workflowWith({ createdAt: '2026-01-01T00:00:00.000Z' }, 'createdAt'),
	},
	'workflow-foreign-link': {
		severity: from('import', 'error'),
		title: 'The workflow points into another instance’s database',
		why: '`parentFolder` and `activeVersion` name rows that only the instance has from which the file was exported; a foreign key refuses them.',
		advice: 'Remove the field.',
		bad: workflowWith({ parentFolder: { id: 'f1', name: 'Shop' } }, 'parentFolder'),
		good: workflowWith({ parentFolder: null }, 'parentFolder'),
	},
	'groups-wrong': {
		severity: from('import', 'error'),
		title: '`nodeGroups` has a shape that ends the import',
		why: 'n8n goes through it as a list of objects before it stores it.',
		advice: 'Write `"nodeGroups": []`, or leave it out.',
		bad: workflowWith({ nodeGroups: {} }, 'nodeGroups'),
		good: workflowWith({ nodeGroups: [] }, 'nodeGroups'),
	},
	'connections-wrong': {
		severity: from('import', 'error'),
		title: 'Connections have a shape that n8n refuses',
		why: 'n8n takes only {source: {type: [[{node, type, index}]]}}, where an output may be null.',
		advice: 'Write each output as a list of {node, type, index}.',
		bad: {
			file: flow([START, node('Here', 'set')], [], {
				connections: { Start: { main: [{ node: 'Here', type: 'main', index: 0 }] } },
			}),
			show: '/connections',
		},
		good: { file: flow([START, node('Here', 'set')], ['Start > Here']), show: '/connections' },
	},
} as const satisfies Record<string, Rule>;
