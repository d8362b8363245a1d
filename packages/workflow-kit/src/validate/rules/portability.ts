import { from, type Rule } from '../rule.ts';
import { flow, node, parameters, showing, START, workflowWith } from './examples.ts';

const info = from('run', 'info');
const NOTHING = { file: flow([START, node('Here', 'set')], ['Start > Here']), show: '/nodes' };
const CALL = (id: string) =>
	node('Call', 'executeWorkflow', { workflowId: { __rl: true, mode: 'id', value: id } });
const CHILD = flow([node('Called', 'executeWorkflowTrigger', { inputSource: 'passthrough' })], [], {
	id: 'child',
	name: 'Child',
});

export const portabilityRules = {
	'needs-community-package': {
		severity: info,
		title: 'It needs a community package',
		why: 'n8n shows a question mark for its nodes until the package is installed.',
		advice: 'Install the package on the instance (Settings, Community nodes).',
		bad: showing(node('Here', 'n8n-nodes-somebody.thing')),
		good: NOTHING,
	},
	'needs-credential': {
		severity: info,
		title: 'It needs a credential',
		why: 'Credentials never travel with a workflow; whoever imports it must have one of that type.',
		advice: 'Create it on the instance, with the id of the file or by hand after the import.',
		bad: showing(
			node(
				'Here',
				'httpRequest',
				{ url: 'https://shop.example' },
				{
					credentials: { httpBasicAuth: { id: 'a1', name: 'Shop' } },
				},
			),
		),
		good: NOTHING,
	},
	'needs-workflow': {
		severity: info,
		title: 'It calls another workflow',
		why: 'That one must be there, under the same id, and published.',
		advice: 'Import and publish that workflow first.',
		bad: showing(CALL('child')),
		good: NOTHING,
	},
	'needs-data-table': {
		severity: info,
		title: 'It uses a data table',
		why: 'Tables do not travel with a workflow, and their ids are made by the instance.',
		advice: 'Refer to the table by name, and have the workflow create it.',
		bad: parameters('dataTable', {
			resource: 'row',
			operation: 'get',
			dataTableId: { __rl: true, mode: 'id', value: 'k3X9' },
		}),
		good: NOTHING,
	},
	'needs-variable': {
		severity: info,
		title: 'It reads a variable of the instance',
		why: '$vars is a licensed feature of n8n and empty elsewhere.',
		advice: 'Set the value in the first node instead.',
		bad: parameters('set', {
			assignments: {
				assignments: [{ id: 'a', name: 'shop', type: 'string', value: '={{ $vars.shop }}' }],
			},
		}),
		good: NOTHING,
	},
	'workflow-called-unknown': {
		severity: { run: 'warning', publish: 'error' },
		title: 'A workflow is called that is not in the folder',
		why: 'The call ends with “workflow not found”, or reaches whatever has that id elsewhere.',
		advice: 'Correct the id, or add the file.',
		bad: { ...showing(CALL('chidl')), others: [CHILD] },
		good: { ...showing(CALL('child')), others: [CHILD] },
	},
	'workflow-called-without-trigger': {
		severity: from('run', 'error'),
		title: 'A workflow is called that cannot be called',
		why: 'Only a workflow with “When Executed by Another Workflow” can be; n8n ends the call with an error.',
		advice: 'Add that trigger to the called workflow.',
		bad: { ...showing(CALL('other')), others: [flow([START], [], { id: 'other', name: 'Other' })] },
		good: { ...showing(CALL('child')), others: [CHILD] },
	},
	'execution-order-missing': {
		severity: { run: 'warning', publish: 'error' },
		title: 'The workflow runs in the order of n8n 0.x',
		why: 'Without `settings.executionOrder` n8n runs branches node by node instead of one after the other; new workflows have v1.',
		advice: 'Set `"executionOrder": "v1"` and look at branches whose order matters.',
		bad: workflowWith({ settings: {} }, 'settings'),
		good: workflowWith({ settings: { executionOrder: 'v1' } }, 'settings'),
	},
} as const satisfies Record<string, Rule>;
