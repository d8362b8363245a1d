import { from, type Rule } from '../rule.ts';
import type { JsonObject } from '../../model/json.ts';
import { flow, node, parameters, START } from './examples.ts';
import type { Example } from '../rule.ts';

function set(value: string): Example {
	return parameters('set', {
		assignments: { assignments: [{ id: 'a', name: 'title', type: 'string', value }] },
	});
}

function code(jsCode: string): Example {
	return parameters('code', { jsCode });
}

const GOOD = set('={{ $json.title }}');

function after(value: string, wires = ['Start > Fetch > Here']): Example {
	const here: JsonObject = {
		assignments: { assignments: [{ id: 'a', name: 'title', type: 'string', value }] },
	};
	return {
		file: flow(
			[
				START,
				node('Fetch', 'httpRequest', { url: 'https://shop.example' }),
				node('Here', 'set', here),
			],
			wires,
		),
		show: '/nodes/2/parameters',
	};
}

export const expressionRules = {
	'expression-syntax': {
		severity: from('run', 'error'),
		title: 'An expression is not JavaScript',
		why: 'n8n fails when the node runs, and only then.',
		advice: 'Correct it; between {{ and }} stands one JavaScript expression.',
		bad: set('={{ $json.title. }}'),
		good: GOOD,
	},
	'expression-unclosed': {
		severity: from('run', 'warning'),
		title: 'An expression has no closing }}',
		why: 'n8n takes everything up to the end of the value for code, text that was meant as text included.',
		advice: 'Close it with }}.',
		bad: set('={{ $json.title'),
		good: GOOD,
	},
	'expression-without-equals': {
		severity: from('run', 'warning'),
		title: 'A value has {{ }} but no = in front',
		why: 'n8n evaluates a value only when it begins with =. Without it the braces arrive as text: in a mail, in an address.',
		advice: 'Put = in front of the value.',
		bad: set('{{ $json.title }}'),
		good: GOOD,
	},
	'expression-node-unknown': {
		severity: from('run', 'error'),
		title: 'An expression names a node that does not exist',
		why: 'n8n fails when the expression is evaluated. Renaming a node in a text editor does this.',
		advice: 'Write the name of a node of this workflow.',
		bad: after("={{ $('Fetsh').item.json.title }}"),
		good: after("={{ $('Fetch').item.json.title }}"),
	},
	'expression-node-not-upstream': {
		severity: from('run', 'warning'),
		title: 'An expression names a node that does not come before it',
		why: 'No data has come from there: n8n fails with “no execution data available”, or takes that of another branch by chance.',
		advice: 'Connect the node before this one, or ask `$("...").isExecuted` first.',
		bad: after("={{ $('Fetch').item.json.title }}", ['Start > Fetch', 'Start > Here']),
		good: after("={{ $('Fetch').item.json.title }}"),
	},
	'expression-variable-unknown': {
		severity: from('run', 'warning'),
		title: 'An expression uses a $variable that n8n does not have',
		why: 'It is undefined, and most of what is done with undefined ends the execution.',
		advice: 'Correct the name.',
		bad: set('={{ $jsn.title }}'),
		good: GOOD,
	},
	'expression-environment': {
		severity: from('run', 'warning'),
		title: 'An expression reads an environment variable',
		why: 'n8n 2 blocks $env for expressions unless the operator allows it (N8N_BLOCK_ENV_ACCESS_IN_NODE=false); a secret in it would be open to every workflow.',
		advice: 'Use a credential, or a field that the first node sets.',
		bad: set('={{ $env.SHOP_URL }}'),
		good: GOOD,
	},
	'expression-from-ai-outside-tool': {
		severity: from('run', 'error'),
		title: '$fromAI is used outside of a tool',
		why: 'Only a node that an AI agent calls as a tool gets values from the model.',
		advice: 'Connect the node to an agent as a tool, or take the value from its input.',
		bad: set("={{ $fromAI('title') }}"),
		good: GOOD,
	},
	'code-syntax': {
		severity: from('run', 'error'),
		title: 'The code of a Code node is not JavaScript',
		why: 'The node fails as soon as it runs.',
		advice: 'Correct it.',
		bad: code('return items.map((item) => item;'),
		good: code('return $input.all();'),
	},
	'code-empty': {
		severity: from('run', 'error'),
		title: 'A Code node has no code',
		why: 'n8n refuses to publish it, or the node returns nothing.',
		advice: 'Write the code, or remove the node.',
		bad: code(''),
		good: code('return $input.all();'),
	},
} as const satisfies Record<string, Rule>;
