import { describe, expect, it } from '@jest/globals';
import { drawSvg, type DrawOptions } from '../../src/draw/svg.ts';
import { svgToPng } from '../../src/draw/png.ts';
import { parse } from '../../src/model/parse.ts';
import { forThisMachine } from '../pace.ts';

/** Whatever is in a workflow: only these elements and attributes may come out. */
const ELEMENTS = new Set([
	'svg',
	'title',
	'defs',
	'symbol',
	'pattern',
	'g',
	'path',
	'rect',
	'circle',
	'ellipse',
	'line',
	'polyline',
	'polygon',
	'text',
	'tspan',
	'use',
]);
const FORBIDDEN = /\son\w+=|href="(?!#)|url\((?!#dots\))|javascript:[^<]*"|<!|<\?|\sstyle=/i;

function draw(document: unknown, options: DrawOptions = {}): string {
	const [workflow] = parse(document).workflows;
	if (workflow === undefined) throw new Error('There is no workflow.');
	return drawSvg(workflow, options);
}

function expectHarmless(svg: string): void {
	for (const [, name] of svg.matchAll(/<\/?([a-zA-Z]+)/g)) expect(ELEMENTS).toContain(name);
	for (const [tag] of svg.matchAll(/<[^>]*>/g)) expect(tag).not.toMatch(FORBIDDEN);
	expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
	// The rasteriser refuses what is not well-formed.
	expect(svgToPng(svg, { width: 64 }).subarray(1, 4).toString()).toBe('PNG');
}

const node = (name: string, extra: object = {}) => ({
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	position: [0, 0],
	parameters: {},
	...extra,
});
const note = (content: string, extra: object = {}) => ({
	name: 'Note',
	type: 'n8n-nodes-base.stickyNote',
	typeVersion: 1,
	position: [0, 0],
	parameters: { content, width: 400, height: 400, ...extra },
});

describe('hostile workflows', () => {
	const hostile = [
		'<script>alert(1)</script>',
		'"><foreignObject><body onload=alert(1)>',
		"' onmouseover='alert(1)",
		']]><!-- --><![CDATA[',
		'&#x3c;script&#x3e; &amp;lt; &notanentity;',
		'\u0000\u0008\u001b[31m\u009b',
		'\u202eevil\u202c \u2066x\u2069 \u200f',
		'\ud800 lone \udc00',
		`e${'\u0301'.repeat(5_000)}`,
		'x'.repeat(200_000),
		'👩‍👩‍👧‍👦'.repeat(2_000),
		'__proto__',
		'constructor',
	];

	it.each(hostile.map((text) => [text.slice(0, 30), text]))(
		'%j is drawn as text',
		(_title, text) => {
			const svg = draw({
				name: text,
				nodes: [
					node(text, { notes: text, notesInFlow: true }),
					node('Switch', {
						type: 'n8n-nodes-base.switch',
						parameters: { rules: { values: [{ outputKey: text }] } },
					}),
					node('Typed', { type: `n8n-nodes-${text}.${text}` }),
					node('Http', {
						type: 'n8n-nodes-base.httpRequest',
						parameters: { url: text, method: text },
					}),
					note(text, { color: text }),
					{
						...note(`# ${text}\n- ${text}\n> ${text}\n| ${text} | b |\n![${text}](${text})`),
						name: 'Other',
					},
				],
				nodeGroups: [{ id: 'g', name: text, nodeIds: [] }],
				connections: { [text]: { main: [[{ node: 'Switch', type: text, index: 0 }]] } },
			});
			expectHarmless(svg);
			expect(svg.length).toBeLessThan(120_000);
		},
	);

	it.each<[[number, number]]>([
		[[Number.NaN, Number.POSITIVE_INFINITY]],
		[[1e308, -1e308]],
		[[-5e6, 5e6]],
	])('the position %j is somewhere', (position) => {
		const [workflow] = parse({ nodes: [node('A'), node('B')], connections: {} }).workflows;
		if (workflow?.nodes[0] === undefined) throw new Error('There is no workflow.');
		workflow.nodes[0].position = position;
		const svg = drawSvg(workflow);
		expectHarmless(svg);
		const [, width, height] = /width="(\S+)" height="(\S+)"/.exec(svg) ?? [];
		expect(Number(width)).toBeLessThanOrEqual(32_000);
		expect(Number(height)).toBeLessThanOrEqual(32_000);
	});

	it('Markdown made to be slow is not', () => {
		const bombs = [
			'*'.repeat(20_000),
			'['.repeat(20_000),
			'`'.repeat(20_001),
			'_a'.repeat(10_000),
			'<a '.repeat(7_000),
			'> '.repeat(10_000),
			'|'.repeat(20_000),
			'![]('.repeat(5_000),
			'- '.repeat(10_000),
		];
		const before = process.cpuUsage();
		for (const bomb of bombs)
			expectHarmless(draw({ nodes: [note(bomb, { height: 20_000 })], connections: {} }));
		const { user } = process.cpuUsage(before);
		expect(user / 1000).toBeLessThan(forThisMachine(3_000));
	});

	it('five thousand nodes are drawn in bounded time', () => {
		const nodes = Array.from({ length: 5_000 }, (_, index) =>
			node(`N${index}`, { position: [index * 16, index] }),
		);
		const before = process.cpuUsage();
		const svg = draw({ nodes, connections: {} });
		const { user } = process.cpuUsage(before);
		expect(user / 1000).toBeLessThan(forThisMachine(2_000));
		expect(svg.split('<title>').length).toBe(5_002);
	});
});

describe('pictures', () => {
	const document = {
		name: 'Orders',
		nodes: [
			node('Start', { type: 'n8n-nodes-base.webhook', parameters: { path: 'x' } }),
			node('Check', { type: 'n8n-nodes-base.if', position: [240, 0] }),
			node('Off', { disabled: true, position: [480, 0] }),
			node('Community', {
				type: 'n8n-nodes-acme.rocketSled',
				position: [480, 200],
				retryOnFail: true,
				onError: 'continueErrorOutput',
			}),
			note('## Title\n**bold** and `code`\n- [x] done\n\n```\nraw\n```'),
		],
		connections: {
			Start: { main: [[{ node: 'Check', type: 'main', index: 0 }]] },
			Check: {
				main: [
					[{ node: 'Off', type: 'main', index: 0 }],
					[{ node: 'Community', type: 'main', index: 0 }],
				],
			},
		},
	};

	it('are the same bytes each time, whatever was drawn in between', () => {
		const first = draw(document);
		draw({ nodes: [node('other', { type: 'a.b' })], connections: {} }, { theme: 'dark' });
		expect(draw(document)).toBe(first);
		expect(draw(structuredClone(document))).toBe(first);
		expect(svgToPng(first, { width: 300 }).equals(svgToPng(first, { width: 300 }))).toBe(true);
	});

	it('have the labels of branches, names, and what is switched off', () => {
		const svg = draw(document);
		for (const text of [
			'>true<',
			'>false<',
			'>Check<',
			'>(Deactivated)<',
			'>GET<',
			'>Success<',
			'>Error<',
			'>Title<',
			'>RS<',
		])
			expect(svg).toContain(text);
		expectHarmless(svg);
	});

	it('define each icon once', () => {
		const nodes = Array.from({ length: 30 }, (_, index) =>
			node(`N${index}`, { position: [index * 200, 0] }),
		);
		const svg = draw({ nodes, connections: {} });
		expect(svg.match(/<symbol id="i-lucide-square-pen"/g)).toHaveLength(1);
		expect(svg.match(/<use href="#i-lucide-square-pen"/g)).toHaveLength(30);
	});

	it('are light or dark, with dots, plain or without ground', () => {
		expect(draw(document, { theme: 'light' })).toContain('fill="#f5f5f5"');
		expect(draw(document, { theme: 'dark' })).toContain('fill="#171717"');
		expect(draw(document)).toContain('url(#dots)');
		expect(draw(document, { background: 'plain' })).not.toContain('url(#dots)');
		expect(draw(document, { background: 'none' })).not.toContain('width="100%"');
	});

	it('an empty workflow is a picture too', () => {
		expectHarmless(draw({ nodes: [], connections: {} }));
	});

	it('PNG has the width asked for, and text without any font of the machine', () => {
		const png = svgToPng(draw(document), { width: 900 });
		expect(png.readUInt32BE(16)).toBe(900);
		const unlabelled = svgToPng(draw(document).replace(/<text[\s\S]*?<\/text>/g, ''), {
			width: 900,
		});
		expect(png.equals(unlabelled)).toBe(false);
	});

	it('a tall picture stays within 40 million pixels', () => {
		const png = svgToPng(
			draw({ nodes: [node('A'), node('B', { position: [0, 90_000] })], connections: {} }),
			{ width: 16_000 },
		);
		expect(png.readUInt32BE(16) * png.readUInt32BE(20)).toBeLessThanOrEqual(40_100_000);
	});
});
