import type { Severity } from '../../findings/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Profile, Rule } from '../rule.ts';
import { flow, node, parameters, showing, START, workflowWith } from './examples.ts';

const HOUSE: Partial<Record<Profile, Severity>> = { publish: 'error' };
const settings = (more: JsonObject) =>
	workflowWith({ settings: { executionOrder: 'v1', ...more } }, 'settings');
const HANDLER = flow([node('A workflow failed', 'n8n-nodes-base.errorTrigger')], [], {
	id: 'handler',
	name: 'Handler',
});
const UUID = '59f4f8f0-6329-55fd-b2f8-9c2499cf8028';

export const houseRules = {
	'house-id-missing': {
		severity: HOUSE,
		title: 'The workflow has no id',
		why: 'A file without an id becomes a new workflow at each import, and nothing can call it.',
		advice: 'Give it an id of at most 21 characters, the name of its file.',
		bad: { file: { name: 'Example', nodes: [START], connections: {}, settings: {} }, show: '' },
		good: workflowWith({ id: 'example' }, 'id'),
	},
	'house-node-id': {
		severity: HOUSE,
		title: 'A node’s id is no UUID',
		why: 'n8n’s editor makes UUIDs, and other ids collide sooner or later when nodes are copied between workflows.',
		advice: 'Give it a UUID.',
		bad: showing({ ...node('Here', 'set'), id: '1' }),
		good: showing({ ...node('Here', 'set'), id: UUID }),
	},
	'house-error-workflow': {
		severity: HOUSE,
		title: 'Nobody hears of a failure',
		why: 'Without `settings.errorWorkflow` a failed execution is only a line in a list. A workflow with an Error Trigger of its own needs none.',
		advice: 'Set `settings.errorWorkflow` to a workflow with an Error Trigger.',
		bad: settings({}),
		good: settings({ errorWorkflow: 'handler' }),
	},
	'house-error-workflow-wrong': {
		severity: HOUSE,
		title: 'The error workflow cannot take errors',
		why: 'n8n starts it only when it is there and has an Error Trigger; otherwise it writes a line to its log.',
		advice: 'Name a workflow of the folder that has an Error Trigger.',
		bad: { ...settings({ errorWorkflow: 'handelr' }), others: [HANDLER] },
		good: { ...settings({ errorWorkflow: 'handler' }), others: [HANDLER] },
	},
	'house-execution-timeout': {
		severity: HOUSE,
		title: 'The workflow may run for ever',
		why: 'Without `settings.executionTimeout` an execution that hangs keeps its place until n8n restarts.',
		advice: 'Set `settings.executionTimeout` in seconds.',
		bad: settings({}),
		good: settings({ executionTimeout: 300 }),
	},
	'house-timezone': {
		severity: HOUSE,
		title: 'The workflow’s time zone is left to the instance',
		why: 'n8n’s default is America/New_York: schedules and dates move with the machine.',
		advice: 'Set `settings.timezone`.',
		bad: settings({}),
		good: settings({ timezone: 'Etc/UTC' }),
	},
	'house-explanation-missing': {
		severity: HOUSE,
		title: 'Nothing explains the workflow',
		why: 'Whoever opens it in a year sees boxes; a sticky note says what it is for and what to set.',
		advice: 'Add a sticky note.',
		bad: { file: flow([START]), show: '/nodes' },
		good: {
			file: flow([
				START,
				node('About', 'n8n-nodes-base.stickyNote', { content: '## What this does' }),
			]),
			show: '/nodes',
		},
	},
	'house-code-long': {
		severity: HOUSE,
		title: 'A Code node has more than 20 lines',
		why: 'Code in a workflow has no tests, no types and no review; it belongs into a service or a node.',
		advice: 'Move it into a service or a node of its own, or split it.',
		bad: parameters('code', { jsCode: `${'// one more line\n'.repeat(21)}return $input.all();` }),
		good: parameters('code', { jsCode: 'return $input.all();' }),
	},
	'house-pinned-data': {
		severity: HOUSE,
		title: 'The file carries pinned data',
		why: 'It is what a test in the editor happened to answer, customers’ data included; in production n8n ignores it.',
		advice: 'Remove `pinData`.',
		bad: workflowWith(
			{ pinData: { Start: [{ json: { email: 'anna@shop.example' } }] } },
			'pinData',
		),
		good: workflowWith({ pinData: {} }, 'pinData'),
	},
	'house-instance-data': {
		severity: HOUSE,
		title: 'The file carries what only one instance knows',
		why: '`meta.instanceId`, `versionId`, dates and owners change with each export and say who made it; a comparison shows nothing else.',
		advice: 'Remove the key; `autopilot workflows redact` does.',
		bad: workflowWith({ meta: { instanceId: '0f3c' } }, 'meta'),
		good: workflowWith({ name: 'Example' }, 'name'),
	},
} as const satisfies Record<string, Rule>;
