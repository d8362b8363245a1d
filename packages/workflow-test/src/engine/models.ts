import type { IDataObject } from 'n8n-workflow';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { n8nModules } from './n8n-core.ts';
import type { Reply } from './protocol.ts';

/** The parts of LangChain that stand-ins for sub-nodes need; it is installed with n8n. */
interface Message {
	getType(): string;
	content: unknown;
}
interface LangChain {
	BaseChatModel: new (fields: object) => object;
	AIMessage: new (fields: { content: string; tool_calls: object[] }) => object;
	DynamicTool: new (fields: {
		name: string;
		description: string;
		func: (input: string) => Promise<string>;
	}) => object;
}

let known: LangChain | undefined;

function langChain(): LangChain {
	if (known !== undefined) return known;
	const load = createRequire(join(n8nModules(), '@n8n', 'n8n-nodes-langchain', 'package.json'));
	const { BaseChatModel } = load('@langchain/core/language_models/chat_models');
	const { AIMessage } = load('@langchain/core/messages');
	const { DynamicTool } = load('@langchain/core/tools');
	known = { BaseChatModel, AIMessage, DynamicTool };
	return known;
}

/** What was said to a model before it replied. */
export type Asked = (messages: { role: string; text: string }[]) => Reply;

/** A chat model that replies what it is told, with text or with calls of tools. */
export function chatModel(reply: Asked): object {
	const { BaseChatModel, AIMessage } = langChain();
	return new (class extends BaseChatModel {
		_llmType(): string {
			return 'stand-in';
		}
		/** Tools are offered to it; which of them it calls is in its replies. */
		bindTools(): this {
			return this;
		}
		async _generate(messages: Message[]): Promise<object> {
			const said = messages.map((one) => ({ role: one.getType(), text: textOf(one.content) }));
			const given = await Promise.resolve(reply(said));
			const content = typeof given === 'string' ? given : '';
			const calls = typeof given === 'string' ? [] : [given].flat();
			const tool_calls = calls.map(({ tool, arguments: args = {} }, index) => ({
				...{ id: `call_${messages.length}_${index}`, type: 'tool_call', name: tool, args },
			}));
			return { generations: [{ text: content, message: new AIMessage({ content, tool_calls }) }] };
		}
	})({});
}

/** A tool that answers what it is told. */
export function tool(name: string, answer: (input: string) => IDataObject[]): object {
	const { DynamicTool } = langChain();
	return new DynamicTool({
		// As n8n names tools after their nodes.
		name: name.replace(/[^a-zA-Z0-9_-]+/g, '_'),
		description: name,
		func: async (input) => JSON.stringify(await Promise.resolve(answer(input))),
	});
}

function textOf(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
