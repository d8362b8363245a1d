import { from, type Rule } from '../rule.ts';
import type { JsonObject } from '../../model/json.ts';
import { flow, node, START, showing } from './examples.ts';

const GOOD = showing(node('Here', 'set'));
const http = (more: object) =>
	showing({ ...node('Here', 'httpRequest', { url: 'https://shop.example' }), ...more });

export const nodeRules = {
	'node-name-wrong': {
		severity: from('import', 'error'),
		title: 'A node’s name is no text',
		why: 'n8n refuses the workflow; connections could not name the node.',
		advice: 'Write the name as a text.',
		bad: showing({ ...node('Here', 'set'), name: 7 }),
		good: GOOD,
	},
	'node-name-duplicate': {
		severity: from('import', 'error'),
		title: 'Two nodes have one name',
		why: 'Connections and expressions name nodes, so n8n refuses the workflow.',
		advice: 'Rename one of them, and what refers to it.',
		bad: {
			file: flow([START, node('Here', 'set'), { ...node('Here', 'set'), id: 'b' }]),
			show: '/nodes',
		},
		good: { file: flow([START, node('Here', 'set'), node('There', 'set')]), show: '/nodes' },
	},
	'node-id-wrong': {
		severity: from('import', 'error'),
		title: 'A node’s id is no text',
		why: 'n8n refuses the workflow. Without an id it makes one.',
		advice: 'Write the id as a text, or leave it out.',
		bad: showing({ ...node('Here', 'set'), id: 12 }),
		good: GOOD,
	},
	'node-id-duplicate': {
		severity: from('import', 'error'),
		title: 'Two nodes have one id',
		why: 'n8n keeps what belongs to a node (webhooks, static data) under its id and refuses the workflow. Copying a node in a text editor does this.',
		advice: 'Give one of them a new UUID.',
		bad: {
			file: flow([START, { ...node('A', 'set'), id: 'same' }, { ...node('B', 'set'), id: 'same' }]),
			show: '/nodes',
		},
		good: { file: flow([START, node('A', 'set'), node('B', 'set')]), show: '/nodes' },
	},
	'node-disabled-wrong': {
		severity: from('import', 'error'),
		title: '`disabled` is neither true nor false',
		why: 'n8n refuses the workflow.',
		advice: 'Write true or false, or leave it out.',
		bad: showing({ ...node('Here', 'set'), disabled: 'true' }),
		good: showing({ ...node('Here', 'set'), disabled: true }),
	},
	'node-credentials-wrong': {
		severity: from('import', 'error'),
		title: 'A node’s credentials end the import',
		why: 'n8n goes through them as objects: null makes it stop with an error, after it has stored the workflow.',
		advice: 'Write {"<type>": {"id", "name"}}, or leave them out.',
		bad: showing(node('Here', 'httpRequest', {}, { credentials: { httpBasicAuth: null } })),
		good: showing(
			node(
				'Here',
				'httpRequest',
				{},
				{ credentials: { httpBasicAuth: { id: 'a1', name: 'Shop' } } },
			),
		),
	},
	'node-parameters-missing': {
		severity: from('import', 'error'),
		title: 'A node that calls a workflow has no `parameters`',
		why: 'n8n looks for the workflow it calls while it indexes the import, and stops with an error.',
		advice: 'Write `"parameters": {}` at least.',
		bad: showing(withoutParameters(node('Here', 'executeWorkflow'))),
		good: showing(
			node('Here', 'executeWorkflow', { workflowId: { __rl: true, mode: 'id', value: 'x' } }),
		),
	},
	'node-flag-wrong': {
		severity: from('run', 'warning'),
		title: 'A switch of a node is neither true nor false',
		why: 'n8n takes any text for true, also "false".',
		advice: 'Write true or false.',
		bad: http({ retryOnFail: 'false' }),
		good: http({ retryOnFail: false }),
	},
	'node-retry-clamped': {
		severity: from('run', 'warning'),
		title: 'A retry setting is outside of what n8n does',
		why: 'n8n tries 2 to 5 times and waits at most 5000 ms between tries, whatever the file says. Real back-off needs a loop or a service.',
		advice: 'Write what n8n will do: maxTries 2 to 5, waitBetweenTries up to 5000.',
		bad: http({ retryOnFail: true, maxTries: 10, waitBetweenTries: 60_000 }),
		good: http({ retryOnFail: true, maxTries: 5, waitBetweenTries: 5000 }),
	},
	'node-on-error-unknown': {
		severity: from('run', 'error'),
		title: '`onError` has a value that n8n does not know',
		why: 'The node then stops the workflow, which is not what was meant.',
		advice: 'Write stopWorkflow, continueRegularOutput or continueErrorOutput.',
		bad: http({ onError: 'ignore' }),
		good: http({ onError: 'continueRegularOutput' }),
	},
	'node-key-misplaced': {
		severity: from('run', 'warning'),
		title: 'A parameter stands beside `parameters`',
		why: 'n8n reads parameters only inside `parameters`; one level up it keeps the key and ignores it.',
		advice: 'Move it into `parameters`.',
		bad: http({ httpMethod: 'POST' }),
		good: showing(node('Here', 'httpRequest', { url: 'https://shop.example', method: 'POST' })),
	},
	'node-id-missing': {
		severity: { run: 'info', publish: 'error' },
		title: 'A node has no id',
		why: 'n8n makes a new one at each import: webhooks without a webhookId then change their address, and a comparison shows a node that nobody touched.',
		advice: 'Give it a UUID.',
		bad: showing({ ...node('Here', 'set'), id: '' }),
		good: GOOD,
	},
} as const satisfies Record<string, Rule>;

function withoutParameters({ parameters: _parameters, ...rest }: JsonObject): JsonObject {
	return rest;
}
