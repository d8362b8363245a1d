import type { Rule } from '../rule.ts';
import { node, parameters, showing, workflowWith } from './examples.ts';

const SOON = { run: 'warning', publish: 'error' } as const;
const CALL = { workflowId: { __rl: true, mode: 'id', value: 'child' } };

export const n8n3Rules = {
	'n8n3-removed-node': {
		severity: SOON,
		title: 'A node is gone in n8n 3',
		why: 'Function, Function Item and Item Lists are removed; Code, Split Out, Aggregate and others do their work.',
		advice:
			'Replace it by Code, Split Out, Aggregate, Sort, Limit, Summarize or Remove Duplicates.',
		bad: showing(node('Here', 'n8n-nodes-base.function', { functionCode: 'return items;' })),
		good: showing(node('Here', 'code', { jsCode: 'return $input.all();' })),
	},
	'n8n3-removed-function': {
		severity: SOON,
		title: 'A function of expressions is gone in n8n 3',
		why: '$getPairedItem is removed.',
		advice: 'Use `$("Node").item`, which follows paired items.',
		bad: parameters('code', { jsCode: 'return $getPairedItem("Start", {}, {});' }),
		good: parameters('code', { jsCode: 'return $input.all();' }),
	},
	'n8n3-run-for-each': {
		severity: SOON,
		title: 'A sub-workflow runs once for each item',
		why: 'The mode “run once for each item” is removed in n8n 3.',
		advice: 'Put Loop Over Items before it, or hand all items to one run.',
		bad: parameters('executeWorkflow', { ...CALL, mode: 'each' }),
		good: parameters('executeWorkflow', { ...CALL, mode: 'once' }),
	},
	'n8n3-workflow-source': {
		severity: SOON,
		title: 'A sub-workflow is read from a file or an address',
		why: 'The sources Local File and URL are removed in n8n 3.',
		advice: 'Import it and call it by its id.',
		bad: parameters('executeWorkflow', {
			source: 'url',
			workflowUrl: 'https://shop.example/wf.json',
		}),
		good: parameters('executeWorkflow', CALL),
	},
	'n8n3-caller-policy-any': {
		severity: SOON,
		title: 'Any workflow may call this one',
		why: 'The caller policy “any” is removed in n8n 3.',
		advice: 'Set workflowsFromSameOwner, or name the callers.',
		bad: workflowWith({ settings: { executionOrder: 'v1', callerPolicy: 'any' } }, 'settings'),
		good: workflowWith(
			{ settings: { executionOrder: 'v1', callerPolicy: 'workflowsFromSameOwner' } },
			'settings',
		),
	},
	'n8n3-runner-timeout': {
		severity: { run: 'info' },
		title: 'Code may run into the shorter time limit of n8n 3',
		why: 'A Code node may take 60 seconds instead of 300; one that waits by itself comes near it.',
		advice: 'Use a Wait node instead of a timer in code.',
		bad: parameters('code', {
			jsCode: 'await new Promise((resolve) => setTimeout(resolve, 90000));\nreturn $input.all();',
		}),
		good: parameters('code', { jsCode: 'return $input.all();' }),
	},
} as const satisfies Record<string, Rule>;
