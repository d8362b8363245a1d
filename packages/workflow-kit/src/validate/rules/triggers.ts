import { from, type Rule } from '../rule.ts';
import { flow, node, START } from './examples.ts';

const HOOK = node(
	'Order',
	'webhook',
	{ httpMethod: 'POST', path: 'order' },
	{ webhookId: 'order-hook' },
);
const ANSWER = node('Answer', 'respondToWebhook', { respondWith: 'noData', options: {} });
const HERE = node('Here', 'set');

function schedule(rule: object): { file: ReturnType<typeof flow>; show: string } {
	const every = node('Every', 'scheduleTrigger', { rule: { interval: [{ ...rule }] } });
	return { file: flow([every, HERE], ['Every > Here']), show: '/nodes/0/parameters' };
}

export const triggerRules = {
	'trigger-missing': {
		severity: from('run', 'error'),
		title: 'Nothing starts the workflow',
		why: 'n8n publishes a workflow only when it has a trigger that is not disabled; a manual trigger does not count.',
		advice: 'Add a trigger; a sub-workflow has “When Executed by Another Workflow”.',
		bad: { file: flow([START, HERE], ['Start > Here']), show: '/nodes' },
		good: { file: flow([HOOK, HERE], ['Order > Here']), show: '/nodes' },
	},
	'webhook-path-missing': {
		severity: from('run', 'error'),
		title: 'A webhook has no path',
		why: 'Nobody can call it; n8n refuses to publish.',
		advice: 'Set `path`.',
		bad: {
			file: flow([node('Order', 'webhook', { path: '' }), HERE], ['Order > Here']),
			show: '/nodes/0',
		},
		good: { file: flow([HOOK, HERE], ['Order > Here']), show: '/nodes/0' },
	},
	'webhook-id-missing': {
		severity: { run: 'warning', publish: 'error' },
		title: 'A webhook node has no webhookId',
		why: 'Addresses of forms, chats, waits and trigger nodes are made of it. Without one n8n builds them from the workflow’s id and the node’s name, so renaming the node changes the address that others call.',
		advice: 'Give it a fixed `webhookId`, a UUID.',
		bad: {
			file: flow(
				[node('Ask', 'n8n-nodes-base.formTrigger', { formTitle: 'Order' }), HERE],
				['Ask > Here'],
			),
			show: '/nodes/0',
		},
		good: {
			file: flow(
				[
					node(
						'Ask',
						'n8n-nodes-base.formTrigger',
						{ formTitle: 'Order' },
						{ webhookId: 'order-form' },
					),
					HERE,
				],
				['Ask > Here'],
			),
			show: '/nodes/0',
		},
	},
	'webhook-path-taken': {
		severity: from('run', 'error'),
		title: 'Two webhooks listen at one address',
		why: 'n8n publishes only the first of them: “there is a conflict with one of the webhooks”.',
		advice: 'Change one of the paths.',
		bad: {
			file: flow(
				[HOOK, { ...HOOK, id: 'second', name: 'Again' }, HERE],
				['Order > Here', 'Again > Here'],
			),
			show: '/nodes',
		},
		good: { file: flow([HOOK, HERE], ['Order > Here']), show: '/nodes/0' },
	},
	'webhook-answer-missing': {
		severity: from('run', 'error'),
		title: 'A webhook waits for a node that answers, and there is none',
		why: 'n8n answers the caller with an error: “No Respond to Webhook node found in the workflow”.',
		advice: 'Add “Respond to Webhook” after it, or answer at once.',
		bad: {
			file: flow(
				[node('Order', 'webhook', { path: 'order', responseMode: 'responseNode' }), HERE],
				['Order > Here'],
			),
			show: '/nodes/0/parameters',
		},
		good: {
			file: flow(
				[node('Order', 'webhook', { path: 'order', responseMode: 'responseNode' }), ANSWER],
				['Order > Answer'],
			),
			show: '/nodes',
		},
	},
	'webhook-answer-unused': {
		severity: from('run', 'warning'),
		title: 'A node answers a webhook that does not wait for it',
		why: 'The caller has its answer already; n8n ends the execution with “Unused Respond to Webhook node”.',
		advice: 'Set the trigger’s “Respond” to “Using ‘Respond to Webhook’ node”.',
		bad: { file: flow([HOOK, ANSWER], ['Order > Answer']), show: '/nodes/0/parameters' },
		good: {
			file: flow(
				[node('Order', 'webhook', { path: 'order', responseMode: 'responseNode' }), ANSWER],
				['Order > Answer'],
			),
			show: '/nodes/0/parameters',
		},
	},
	'schedule-too-frequent': {
		severity: from('run', 'warning'),
		title: 'A schedule fires more than once a minute',
		why: 'Executions pile up as soon as one takes longer than that; a service behind it will soon refuse.',
		advice: 'Once a minute at most, or wait for an event instead.',
		bad: schedule({ field: 'seconds', secondsInterval: 5 }),
		good: schedule({ field: 'minutes', minutesInterval: 5 }),
	},
	'schedule-never': {
		severity: from('run', 'error'),
		title: 'A schedule is not one',
		why: 'n8n refuses to publish a cron expression that it cannot read, and an interval of zero never fires.',
		advice: 'Write five or six cron fields, or an interval of at least 1.',
		bad: schedule({ field: 'cronExpression', expression: 'every day' }),
		good: schedule({ field: 'cronExpression', expression: '0 8 * * 1-5' }),
	},
} as const satisfies Record<string, Rule>;
