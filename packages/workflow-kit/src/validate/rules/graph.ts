import { from, type Rule } from '../rule.ts';
import { connect, flow, node, START } from './examples.ts';

const HERE = node('Here', 'set');
const THERE = node('There', 'set');
const WIRED = { file: flow([START, HERE], ['Start > Here']), show: '/connections' };
const IF = node('Cheap?', 'if', {
	conditions: {
		options: { version: 3 },
		combinator: 'and',
		conditions: [
			{
				...{ leftValue: '={{ $json.price }}', rightValue: 5 },
				operator: { type: 'number', operation: 'lt' },
			},
		],
	},
});

export const graphRules = {
	'connection-source-unknown': {
		severity: from('import', 'error'),
		title: 'Connections come from a node that does not exist',
		why: 'n8n refuses the workflow. A node that was renamed or deleted in a text editor leaves such an entry.',
		advice: 'Rename the entry, or remove it.',
		bad: { file: flow([START, HERE], ['Star > Here']), show: '/connections' },
		good: WIRED,
	},
	'connection-target-unknown': {
		severity: from('import', 'error'),
		title: 'A connection leads to a node that does not exist',
		why: 'n8n refuses the workflow.',
		advice: 'Write the name of a node of this workflow.',
		bad: { file: flow([START, HERE], ['Start > Her']), show: '/connections' },
		good: WIRED,
	},
	'connection-by-id': {
		severity: from('import', 'error'),
		title: 'A connection names a node by its id',
		why: 'Connections go by name; n8n refuses the workflow.',
		advice: 'Write the node’s name.',
		bad: {
			file: flow([START, HERE], [], {
				connections: { Start: { main: [[{ node: HERE.id ?? '', type: 'main', index: 0 }]] } },
			}),
			show: '/connections',
		},
		good: WIRED,
	},
	'connection-duplicate': {
		severity: from('run', 'warning'),
		title: 'Two connections are the same',
		why: 'The target runs twice for each item.',
		advice: 'Remove one of them.',
		bad: { file: flow([START, HERE], ['Start > Here', 'Start > Here']), show: '/connections' },
		good: WIRED,
	},
	'connection-type-unknown': {
		severity: from('run', 'warning'),
		title: 'A connection is of a type that n8n does not have',
		why: 'n8n keeps it and nothing ever flows through it.',
		advice: 'Write main, or one of the ai_ types.',
		bad: {
			file: flow([START, HERE], [], {
				connections: { Start: { output: [[{ node: 'Here', type: 'main', index: 0 }]] } },
			}),
			show: '/connections',
		},
		good: WIRED,
	},
	'connection-type-refused': {
		severity: from('run', 'error'),
		title: 'A node has no such connection',
		why: 'A model gives no items, and a Set node takes no tools: nothing flows.',
		advice: 'Connect through a type that both nodes have.',
		bad: {
			file: flow(
				[START, HERE, node('Model', 'lmChatOpenAi')],
				['Start > Here', 'Model >ai_languageModel> Here'],
			),
			show: '/connections',
		},
		good: WIRED,
	},
	'connection-output-missing': {
		severity: from('run', 'error'),
		title: 'A connection leaves through an output that the node does not have',
		why: 'Nothing comes out there, so what follows never runs.',
		advice: 'Use an output that the node has; an error output needs onError: continueErrorOutput.',
		bad: {
			file: flow([START, HERE, THERE], ['Start > Here', 'Here#1 > There']),
			show: '/connections',
		},
		good: { file: flow([START, HERE, THERE], ['Start > Here > There']), show: '/connections' },
	},
	'connection-input-missing': {
		severity: from('run', 'error'),
		title: 'A connection leads to an input that the node does not have',
		why: 'The data goes nowhere.',
		advice: 'Use an input that the node has.',
		bad: {
			file: flow([START, HERE], [], {
				connections: { Start: { main: [[{ node: 'Here', type: 'main', index: 1 }]] } },
			}),
			show: '/connections',
		},
		good: WIRED,
	},
	'node-unreachable': {
		severity: { run: 'warning', publish: 'error' },
		title: 'No trigger leads to a node',
		why: 'It never runs; left over, or a connection is missing.',
		advice: 'Connect it, or remove it.',
		bad: { file: flow([START, HERE, THERE], ['Start > Here']), show: '/connections' },
		good: { file: flow([START, HERE, THERE], ['Start > Here > There']), show: '/connections' },
	},
	'loop-without-exit': {
		severity: from('run', 'error'),
		title: 'A loop has no way out',
		why: 'The execution runs until its time limit, or until n8n has no memory left.',
		advice: 'Leave it through an If, a Switch or the “done” output of Loop Over Items.',
		bad: {
			file: flow([START, HERE, THERE], ['Start > Here > There > Here']),
			show: '/connections',
		},
		good: {
			file: flow([START, HERE, IF], ['Start > Here > Cheap? > Here']),
			show: '/connections',
		},
	},
	'sub-node-detached': {
		severity: { run: 'warning', publish: 'error' },
		title: 'A model, memory or tool serves no node',
		why: 'It only works for the agent or chain that it is connected to.',
		advice: 'Connect it, or remove it.',
		bad: { file: flow([START, node('Model', 'lmChatOpenAi')]), show: '/nodes' },
		good: {
			file: flow(
				[
					START,
					node('Agent', 'agent', { promptType: 'define', text: 'Hi' }),
					node('Model', 'lmChatOpenAi'),
				],
				['Start > Agent', 'Model >ai_languageModel> Agent'],
			),
			show: '/connections',
		},
	},
	'error-output-unused': {
		severity: from('run', 'info'),
		title: 'A node’s error output leads nowhere',
		why: 'With continueErrorOutput a failing item leaves through the last output; with nothing there it is lost without a word.',
		advice: 'Connect it to what should happen, or let the workflow stop.',
		bad: {
			file: flow(
				[
					START,
					node(
						'Fetch',
						'httpRequest',
						{ url: 'https://shop.example' },
						{ onError: 'continueErrorOutput' },
					),
				],
				['Start > Fetch'],
			),
			show: '/nodes/1',
		},
		good: {
			file: {
				...flow([
					START,
					node(
						'Fetch',
						'httpRequest',
						{ url: 'https://shop.example' },
						{ onError: 'continueErrorOutput' },
					),
					HERE,
				]),
				connections: connect(['Start > Fetch', 'Fetch#1 > Here']),
			},
			show: '/connections',
		},
	},
} as const satisfies Record<string, Rule>;
