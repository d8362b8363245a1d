import { from, type Example, type Rule } from '../rule.ts';
import { flow, node, START } from './examples.ts';

const AGENT = node('Agent', 'agent', { promptType: 'define', text: 'Hello' });
const MODEL = node('Model', 'lmChatOpenAi');
const MEMORY = node('Memory', 'memoryBufferWindow', {
	sessionKey: 'a',
	sessionIdType: 'customKey',
});
const TOOL = node('price', 'toolCode', {
	description: 'Price of a product',
	jsCode: 'return "5";',
});

function wired(nodes: object[], wires: string[], show = '/connections'): Example {
	return {
		file: flow([START, ...nodes.map((one) => ({ ...one }))], ['Start > Agent', ...wires]),
		show,
	};
}

const GOOD = wired([AGENT, MODEL], ['Model >ai_languageModel> Agent']);

export const agentRules = {
	'agent-model-missing': {
		severity: from('run', 'error'),
		title: 'An agent or chain has no language model',
		why: 'It cannot answer; n8n ends the execution at this node.',
		advice: 'Connect a chat model to it.',
		bad: wired([AGENT], []),
		good: GOOD,
	},
	'agent-too-many': {
		severity: from('run', 'error'),
		title: 'An agent has more models or memories than it uses',
		why: 'It takes one memory, and one model (a second one as a fallback where that is switched on); n8n refuses the rest.',
		advice: 'Remove the others.',
		bad: wired(
			[AGENT, MODEL, MEMORY, { ...MEMORY, name: 'Other', id: 'other' }],
			['Model >ai_languageModel> Agent', 'Memory >ai_memory> Agent', 'Other >ai_memory> Agent'],
		),
		good: wired(
			[AGENT, MODEL, MEMORY],
			['Model >ai_languageModel> Agent', 'Memory >ai_memory> Agent'],
		),
	},
	'agent-fallback-missing': {
		severity: from('run', 'error'),
		title: 'A fallback model is switched on and not connected',
		why: 'The agent stops at once: it wants both models.',
		advice: 'Connect a second model, or switch the fallback off.',
		bad: wired(
			[node('Agent', 'agent', { promptType: 'define', text: 'Hello', needsFallback: true }), MODEL],
			['Model >ai_languageModel> Agent'],
			'/nodes/1/parameters',
		),
		good: GOOD,
	},
	'agent-parser-missing': {
		severity: from('run', 'error'),
		title: 'A required output format has no parser',
		why: 'With “require specific output format” the agent wants an output parser and stops without one.',
		advice: 'Connect an output parser, or switch the option off.',
		bad: wired(
			[
				node('Agent', 'agent', { promptType: 'define', text: 'Hello', hasOutputParser: true }),
				MODEL,
			],
			['Model >ai_languageModel> Agent'],
			'/nodes/1/parameters',
		),
		good: GOOD,
	},
	'agent-tool-description-missing': {
		severity: from('run', 'warning'),
		title: 'A tool does not say what it is for',
		why: 'The model decides by the description whether to call it.',
		advice: 'Describe it: what it does, what it needs, what it answers.',
		bad: wired(
			[AGENT, MODEL, node('price', 'toolCode', { description: '', jsCode: 'return "5";' })],
			['Model >ai_languageModel> Agent', 'price >ai_tool> Agent'],
			'/nodes/3/parameters',
		),
		good: wired(
			[AGENT, MODEL, TOOL],
			['Model >ai_languageModel> Agent', 'price >ai_tool> Agent'],
			'/nodes/3/parameters',
		),
	},
	'agent-prompt-empty': {
		severity: from('run', 'error'),
		title: 'An agent’s own prompt is empty',
		why: 'With “define below” the text is what the model is asked; n8n refuses an empty one.',
		advice: 'Write the prompt, or take it from the chat trigger.',
		bad: wired(
			[node('Agent', 'agent', { promptType: 'define', text: '' }), MODEL],
			['Model >ai_languageModel> Agent'],
			'/nodes/1/parameters',
		),
		good: wired([AGENT, MODEL], ['Model >ai_languageModel> Agent'], '/nodes/1/parameters'),
	},
} as const satisfies Record<string, Rule>;
