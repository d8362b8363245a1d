import { from, type Rule } from '../rule.ts';
import { parameters } from './examples.ts';

const SHEET = (value: string) => ({
	resource: 'spreadsheet',
	operation: 'deleteSpreadsheet',
	documentId: { __rl: true, mode: 'url', value },
});
const RULE = { id: 'r1', name: 'price', type: 'number', value: 5 };

export const parameterRules = {
	'parameter-required': {
		severity: from('run', 'error'),
		title: 'A required parameter has no value',
		why: 'n8n refuses to publish the workflow, or the node fails as soon as it runs.',
		advice: 'Set the parameter.',
		bad: parameters('executeWorkflow', { workflowId: { __rl: true, mode: 'id', value: '' } }),
		good: parameters('executeWorkflow', {
			workflowId: { __rl: true, mode: 'id', value: 'product-launch' },
		}),
	},
	'parameter-choice-unknown': {
		severity: { run: 'warning', publish: 'error' },
		title: 'A parameter has a value that is not among its choices',
		why: 'The node does not know what to do: many then do nothing, or fail at run time. Renamed operations look like this.',
		advice: 'Choose one of the values that the node has.',
		bad: parameters('httpRequest', { url: 'https://shop.example', method: 'FETCH' }),
		good: parameters('httpRequest', { url: 'https://shop.example', method: 'GET' }),
	},
	'parameter-type-wrong': {
		severity: from('run', 'warning'),
		title: 'A parameter has a value of another type',
		why: 'A node that expects a number or a switch may take the text "false" for true.',
		advice: 'Write the value without quotes, or as an expression.',
		bad: parameters('wait', { amount: true }),
		good: parameters('wait', { amount: 5 }),
	},
	'parameter-locator-wrong': {
		severity: from('run', 'error'),
		title: 'A chosen resource cannot be used',
		why: 'n8n stores such a choice as {__rl, mode, value}; a value that its mode does not take makes it refuse to publish.',
		advice: 'Write {"__rl": true, "mode": ..., "value": ...} with a value of that mode.',
		bad: parameters('n8n-nodes-base.googleSheets', SHEET('my table'), { typeVersion: 4.7 }),
		good: parameters(
			'n8n-nodes-base.googleSheets',
			SHEET('https://docs.google.com/spreadsheets/d/1AbC/edit'),
			{ typeVersion: 4.7 },
		),
	},
	'parameter-collection-wrong': {
		severity: from('run', 'warning'),
		title: 'A group of parameters has another shape than the node reads',
		why: 'n8n finds nothing where it looks and takes the defaults, without a word.',
		advice: 'Write it as the editor does: open the node, change something, export it.',
		bad: parameters('httpRequest', {
			url: 'https://shop.example',
			sendQuery: true,
			queryParameters: [{ name: 'page', value: '1' }],
		}),
		good: parameters('httpRequest', {
			url: 'https://shop.example',
			sendQuery: true,
			queryParameters: { parameters: [{ name: 'page', value: '1' }] },
		}),
	},
	'parameter-entries-count': {
		severity: from('run', 'error'),
		title: 'A list of parameters has too few or too many entries',
		why: 'n8n refuses to publish the workflow.',
		advice: 'Add or remove entries.',
		bad: parameters('dataTable', {
			resource: 'row',
			operation: 'deleteRows',
			dataTableId: { __rl: true, mode: 'name', value: 'orders' },
			filters: {},
		}),
		good: parameters('dataTable', {
			resource: 'row',
			operation: 'deleteRows',
			dataTableId: { __rl: true, mode: 'name', value: 'orders' },
			filters: { conditions: [{ keyName: 'id', keyValue: '7' }] },
		}),
	},
	'parameter-unknown': {
		severity: { run: 'info', publish: 'warning' },
		title: 'A parameter is not one that the node has',
		why: 'n8n keeps it and ignores it: a typing error, or left over from another version of the node.',
		advice: 'Correct the name, or remove it.',
		bad: parameters('n8n-nodes-autopilot.store', {
			resource: 'product',
			operation: 'get',
			produktId: 'p1',
		}),
		good: parameters('n8n-nodes-autopilot.store', {
			resource: 'product',
			operation: 'get',
			productId: 'p1',
		}),
	},
	'parameter-filter-wrong': {
		severity: from('run', 'error'),
		title: 'A condition is incomplete',
		why: 'If, Filter and Switch read {leftValue, rightValue, operator: {type, operation}}; they fail on anything else.',
		advice: 'Write the operator with its type and operation.',
		bad: parameters('if', {
			conditions: {
				options: { version: 3 },
				combinator: 'and',
				conditions: [{ leftValue: '={{ $json.price }}', rightValue: 5 }],
			},
		}),
		good: parameters('if', {
			conditions: {
				options: { version: 3 },
				combinator: 'and',
				conditions: [
					{
						...{ leftValue: '={{ $json.price }}', rightValue: 5 },
						operator: { type: 'number', operation: 'gt' },
					},
				],
			},
		}),
	},
	'parameter-assignment-wrong': {
		severity: from('run', 'warning'),
		title: 'A field of a Set node has no name',
		why: 'The value has nowhere to go.',
		advice: 'Write each as {id, name, type, value}.',
		bad: parameters('set', { assignments: { assignments: [{ ...RULE, name: '' }] } }),
		good: parameters('set', { assignments: { assignments: [RULE] } }),
	},
} as const satisfies Record<string, Rule>;
