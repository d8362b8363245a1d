import { describe, expect, it } from '@jest/globals';
import { drawMermaid } from '../../src/draw/mermaid.ts';
import { parse } from '../../src/model/parse.ts';

function draw(document: unknown): string {
	const [workflow] = parse(document).workflows;
	if (workflow === undefined) throw new Error('There is no workflow.');
	return drawMermaid(workflow);
}

describe('Mermaid', () => {
	it('has shapes by kind, labels of branches and dotted sub-nodes', () => {
		const text = draw({
			nodes: [
				{ name: 'Go', type: 'n8n-nodes-base.manualTrigger', position: [0, 0] },
				{ name: 'Is it?', type: 'n8n-nodes-base.if', typeVersion: 2, position: [0, 0] },
				{
					name: 'Agent',
					type: '@n8n/n8n-nodes-langchain.agent',
					typeVersion: 2,
					position: [0, 0],
					disabled: true,
				},
				{ name: 'Model', type: '@n8n/n8n-nodes-langchain.lmChatOpenAi', position: [0, 0] },
			],
			connections: {
				Go: { main: [[{ node: 'Is it?', type: 'main', index: 0 }]] },
				'Is it?': { main: [[], [{ node: 'Agent', type: 'main', index: 0 }]] },
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			},
		});
		expect(text.split('\n')).toEqual([
			'flowchart LR',
			'    n1(["Go"])',
			'    n2{"Is it?"}',
			'    n3["Agent"]',
			'    n4(("Model"))',
			'    n1 --> n2',
			'    n2 -- "false" --> n3',
			'    n4 -. "languageModel" .-> n3',
			'    classDef disabled stroke-dasharray: 4 4,color:#999',
			'    class n3 disabled',
			'',
		]);
	});

	it('names cannot become syntax', () => {
		const text = draw({
			nodes: [
				{
					name: '"] --> x; click n1 "javascript:alert(1)"\n%%{init}%%',
					type: 'a.b',
					position: [0, 0],
				},
			],
			connections: {},
		});
		expect(text.split('\n')).toHaveLength(3);
		expect(text.split('\n')[1]).toMatch(/^ {4}n1\["[^"[\]{}()<>;]*(#\d+;[^"[\]{}()<>]*)*"\]$/);
	});
});
