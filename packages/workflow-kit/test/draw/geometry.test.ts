import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { layOut } from '../../src/draw/geometry.ts';
import { snap, type Layout } from '../../src/draw/layout.ts';
import { parse } from '../../src/model/parse.ts';

const everything = layOut(await fixture());

async function fixture() {
	const file = path.join(import.meta.dirname, '../editor/workflows/everything.json');
	const [workflow] = parse(await readFile(file)).workflows;
	if (workflow === undefined) throw new Error('The fixture has no workflow.');
	return workflow;
}

function nodeOf(layout: Layout, name: string) {
	const found = layout.nodes.find(({ node }) => node.name === name);
	if (found === undefined) throw new Error(`There is no ${name}.`);
	return found;
}

function segmentsOf(source: string, target: string, index = 0): string[] {
	const found = everything.edges.filter(
		({ edge }) => edge.source === source && edge.target === target,
	);
	return found[index]?.path.segments ?? [];
}

function draw(nodes: object[], connections: object = {}): Layout {
	const [workflow] = parse({ nodes, connections }).workflows;
	if (workflow === undefined) throw new Error('There is no workflow.');
	return layOut(workflow);
}

describe('positions', () => {
	// Read from the editor, which moves nodes to its grid when it opens a workflow.
	it.each([
		[0, 0],
		[16, 16],
		[620, 624],
		[900, 912],
		[1240, 1248],
		[-20, -16],
		[-40, -48],
		[-400, -400],
		[0.5, 16],
		[Number.NaN, 0],
		[1e300, 100_000],
	])('%s is moved to %s', (given, expected) => {
		expect(snap(given)).toBe(expected);
	});
});

describe('boxes, as the editor has them', () => {
	it.each([
		['Chat', { x: 0, y: 240, width: 96, height: 96 }],
		['AI Agent', { x: 240, y: 240, width: 224, height: 96 }],
		['OpenAI Chat Model', { x: 160, y: 480, width: 80, height: 80 }],
		['Vector Store', { x: 624, y: 480, width: 240, height: 80 }],
		['Merge', { x: 1520, y: 80, width: 96, height: 128 }],
		['HTTP Request', { x: 1248, y: 240, width: 96, height: 96 }],
	])('%s', (name, box) => {
		expect(nodeOf(everything, name).box).toEqual(box);
	});

	it('a node grows with its outputs, the one for errors included', () => {
		const { box, outputs } = nodeOf(
			everything,
			'Switch on the kind of a thing that has a rather long name to wrap',
		);
		expect(box.height).toBe(192);
		expect(outputs.map(({ label, y }) => [label, y])).toEqual([
			['first branch', 272],
			['1', 304],
			['third very long branch name', 336],
			['Fallback', 368],
			['Error', 400],
		]);
	});

	it('notes keep their size, the largest is painted first', () => {
		expect(everything.stickies[0]?.box).toEqual({ x: -48, y: -400, width: 360, height: 520 });
		const areas = everything.stickies.map(({ box }) => box.width * box.height);
		expect(areas).toEqual(areas.toSorted((a, b) => b - a));
	});
});

describe('ports', () => {
	it('sub-nodes hang below, the required ones first', () => {
		const under = nodeOf(everything, 'AI Agent').inputs.filter(({ type }) => type !== 'main');
		expect(under.map(({ label, x, y }) => [label, x, y])).toEqual([
			['Chat Model', 280, 336],
			['Memory', 328, 336],
			['Tool', 376, 336],
			['Output Parser', 424, 336],
		]);
	});

	it('with fewer than four the optional ones stay at the end', () => {
		const agent = {
			name: 'A',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 2,
			position: [0, 0],
		};
		const under = nodeOf(draw([agent]), 'A').inputs.filter(({ type }) => type !== 'main');
		expect(under.map(({ label, x }) => [label, x])).toEqual([
			['Chat Model', 40],
			['Memory', 136],
			['Tool', 184],
		]);
	});

	it('a community node has the ports that are used, and is a sub-node when it is used as one', () => {
		const layout = draw(
			[
				{ name: 'T', type: 'n8n-nodes-x.search', position: [0, 300] },
				{ name: 'A', type: '@n8n/n8n-nodes-langchain.agent', typeVersion: 2, position: [0, 0] },
				{ name: 'C', type: 'n8n-nodes-x.split', position: [400, 0] },
				{ name: 'D', type: 'n8n-nodes-x.end', position: [800, 0] },
			],
			{
				T: { ai_tool: [[{ node: 'A', type: 'ai_tool', index: 0 }]] },
				C: { main: [[], [], [{ node: 'D', type: 'main', index: 1 }]] },
			},
		);
		expect(nodeOf(layout, 'T')).toMatchObject({
			configuration: true,
			inputs: [],
			box: { width: 80 },
		});
		expect(nodeOf(layout, 'C').outputs).toHaveLength(3);
		expect(nodeOf(layout, 'D').inputs).toHaveLength(2);
		expect(layout.edges).toHaveLength(2);
	});

	it('an index beyond all measure does not make millions of them', () => {
		const layout = draw([{ name: 'A', type: 'x.y', position: [0, 0] }], {
			A: { main: Array.from({ length: 900 }, () => [{ node: 'A', type: 'main', index: 1e9 }]) },
		});
		expect(nodeOf(layout, 'A').outputs.length).toBeLessThanOrEqual(64);
		expect(nodeOf(layout, 'A').inputs.length).toBeLessThanOrEqual(64);
	});
});

describe('lines, as the editor draws them', () => {
	it.each([
		['Chat', 'AI Agent', 'M104,288 C168,288 168,288 232,288'],
		[
			'AI Agent',
			'Switch on the kind of a thing that has a rather long name to wrap',
			'M472,288 C552,288 552,336 632,336',
		],
		['OpenAI Chat Model', 'AI Agent', 'M200,472 C200,408 280,408 280,344'],
		['Embeddings', 'Vector Store', 'M680,680 C680,624 664,624 664,568'],
	])('%s to %s', (source, target, path) => {
		expect(segmentsOf(source, target)).toEqual([path]);
	});

	it('a way back goes below, in two parts with an arrow each', () => {
		const back = everything.edges.find(
			({ edge }) => edge.source === 'HTTP Request' && edge.target === 'Loop Over Items',
		);
		expect(back?.path.segments).toEqual([
			'M1352,272 L1376,272 Q1392,272 1392,288 L1392,386 Q1392,402 1376,402 L1176,402',
			'M1176,402 L976,402 Q960,402 960,386 L960,224 Q960,208 976,208 L1000,208',
		]);
		expect(back?.path.arrows.map(({ direction }) => direction)).toEqual([-1, 1]);
	});

	it('a node that is missing has no line, and everything lies within the bounds', () => {
		const layout = draw([{ name: 'A', type: 'x.y', position: [0, 0] }], {
			A: { main: [[{ node: 'nobody', type: 'main', index: 0 }]] },
		});
		expect(layout.edges).toEqual([]);
		expect(layout.bounds.x).toBeLessThan(0);
		expect(layout.bounds.width).toBeGreaterThan(96);
	});
});

describe('groups', () => {
	it('are drawn open, a title over a frame around their nodes', () => {
		const [workflow] = parse({
			nodes: [
				{ id: 'a', name: 'A', type: 'n8n-nodes-base.noOp', position: [0, 0] },
				{ id: 'b', name: 'B', type: 'n8n-nodes-base.noOp', position: [208, 96] },
			],
			connections: {},
			nodeGroups: [{ id: 'g', name: 'Both', nodeIds: ['a', 'b'] }],
		}).workflows;
		const [group] = workflow === undefined ? [] : layOut(workflow).groups;
		expect(group?.title).toEqual({ x: -48, y: -128, width: 416, height: 96 });
		expect(group?.frame).toEqual({ x: -48, y: -32, width: 416, height: 320 });
	});
});
