// Lays our drawing beside n8n's own editor: boxes, ports and lines in canvas pixels, screenshots and
// pictures side by side in a folder. It needs a running n8n and Chromium, so CI does not run it.
//
//   autopilot up --data /tmp/compare --port-base 7100 --only n8n
//   node packages/workflow-kit/test/editor/compare.ts --url http://127.0.0.1:7178 --password ... \
//     --out /tmp/compare-pictures [--templates 7] [FILE ...]
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { svgToPng } from '../../src/draw/png.ts';
import { layOut } from '../../src/draw/geometry.ts';
import { STICKY_TYPE, type Layout } from '../../src/draw/layout.ts';
import { drawSvg } from '../../src/draw/svg.ts';
import type { Workflow } from '../../src/model/model.ts';
import { parse } from '../../src/model/parse.ts';
import { loadTemplates } from '../templates.ts';
import {
	deleteWorkflow,
	importWorkflow,
	openEditor,
	readCanvas,
	samplePaths,
	showWorkflow,
	type Shown,
} from './editor.ts';

const ROOT = path.join(import.meta.dirname, '../../../..');
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		url: { type: 'string', default: 'http://127.0.0.1:7178' },
		email: { type: 'string', default: 'owner@autopilot.example' },
		password: { type: 'string', default: '' },
		out: { type: 'string', default: '/tmp/compare-pictures' },
		templates: { type: 'string', default: '7' },
		chromium: { type: 'string', default: '/usr/bin/chromium-headless-shell' },
	},
});

interface Deviation {
	what: string;
	pixels: number;
}

const workflows = await collect();
await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({
	executablePath: values.chromium,
	args: ['--no-sandbox', '--hide-scrollbars'],
});
let worst = 0;
const compared = { nodes: 0, ports: 0, edges: 0, stickies: 0 };
try {
	const access = { url: values.url, email: values.email, password: values.password };
	const light = await openEditor(browser, access, { theme: 'light' });
	const dark = await openEditor(browser, access, { theme: 'dark' });
	for (const [name, workflow] of workflows) {
		const id = await importWorkflow(light, values.url, workflow.source);
		try {
			await showWorkflow(light, values.url, id);
			const layout = layOut(workflow);
			const shown = await readCanvas(light);
			const paths = layout.edges.map((edge) => edge.path.segments);
			const deviations = compare(layout, shown, await samplePaths(light, paths));
			const most = Math.max(0, ...deviations.map(({ pixels }) => pixels));
			worst = Math.max(worst, most);
			console.log(`${most <= 2 ? 'ok  ' : 'OFF '} ${most.toFixed(2).padStart(7)} px  ${name}`);
			for (const { what, pixels } of deviations.filter((one) => one.pixels > 2).slice(0, 8))
				console.log(`         ${pixels.toFixed(1)}  ${what}`);
			await light.screenshot({ path: path.join(values.out, `${name}-light-n8n.png`) });
			await showWorkflow(dark, values.url, id);
			await dark.screenshot({ path: path.join(values.out, `${name}-dark-n8n.png`) });
			for (const theme of ['light', 'dark'] as const) {
				const svg = drawSvg(workflow, { theme });
				await writeFile(path.join(values.out, `${name}-${theme}.svg`), svg);
				await writeFile(
					path.join(values.out, `${name}-${theme}-ours.png`),
					svgToPng(svg, { width: 2000 }),
				);
			}
		} finally {
			await deleteWorkflow(light, values.url, id);
		}
	}
} finally {
	await browser.close();
}
console.log(
	`${workflows.length} workflows: ${compared.nodes} nodes, ${compared.ports} ports, ${compared.edges} edges, ${compared.stickies} notes; at most ${worst.toFixed(2)} px apart`,
);
process.exitCode = worst <= 2 ? 0 : 1;

/** Own workflows, those of this folder, files given, and templates from the cache. */
async function collect(): Promise<[string, Workflow][]> {
	const files = [...positionals];
	for (const folder of [path.join(ROOT, 'workflows'), path.join(import.meta.dirname, 'workflows')])
		for (const name of await readdir(folder))
			if (/^[^.]+\.json$/.test(name)) files.push(path.join(folder, name));
	const found: [string, Workflow][] = [];
	for (const file of files) {
		const [workflow] = parse(await readFile(file)).workflows;
		if (workflow !== undefined) found.push([path.basename(file, '.json'), workflow]);
	}
	const count = Number(values.templates);
	const templates = await loadTemplates();
	const step = Math.floor(templates.length / (count + 1));
	for (let index = 1; index <= count; index++) {
		const template = templates[index * step];
		const [workflow] = template === undefined ? [] : parse(template.text).workflows;
		if (template !== undefined && workflow !== undefined)
			found.push([`template-${template.id}`, workflow]);
	}
	return found;
}

function compare(layout: Layout, shown: Shown, lines: { x: number; y: number }[][]): Deviation[] {
	const deviations: Deviation[] = [];
	const add = (what: string, ...differences: number[]) =>
		deviations.push({ what, pixels: Math.max(...differences.map(Math.abs)) });
	const byName = new Map(shown.nodes.map((node) => [node.name, node]));
	const known = new Set<string>();
	for (const { node, box } of [...layout.nodes, ...layout.stickies]) {
		const real = byName.get(node.name);
		if (real === undefined) {
			deviations.push({ what: `${node.name}: the editor does not show it`, pixels: Infinity });
			continue;
		}
		// Of a type that this n8n does not have the editor knows no ports.
		if (real.ports.length > 0 || node.type === STICKY_TYPE) known.add(node.name);
		else if (!/n8n-nodes-(base|langchain|autopilot)\./.test(node.type)) continue;
		const { x, y, width, height } = real.box;
		add(`${node.name}: box`, x - box.x, y - box.y, width - box.width, height - box.height);
		if (node.type === STICKY_TYPE) compared.stickies++;
		else compared.nodes++;
	}
	for (const { node, inputs, outputs } of layout.nodes) {
		const real = byName.get(node.name);
		if (real === undefined || !known.has(node.name)) continue;
		for (const [side, ports] of [
			['inputs', inputs],
			['outputs', outputs],
		] as const)
			for (const port of ports) {
				const handle = `${side}/${port.type}/${port.index}`;
				const dot = real.ports.find((one) => one.handle === handle);
				if (dot === undefined)
					deviations.push({ what: `${node.name}: no port ${handle}`, pixels: Infinity });
				else add(`${node.name}: ${handle}`, dot.x - port.x, dot.y - port.y);
				compared.ports++;
			}
		const missing = real.ports.length - inputs.length - outputs.length;
		if (missing > 0)
			deviations.push({ what: `${node.name}: ${missing} ports more`, pixels: Infinity });
	}
	layout.edges.forEach(({ edge }, index) => {
		if (!known.has(edge.source) || !known.has(edge.target)) return;
		const from = `outputs/${edge.sourceType}/${edge.sourceIndex}`;
		const to = `inputs/${edge.targetType}/${edge.targetIndex}`;
		const real = shown.edges.find(
			(one) =>
				one.source === edge.source &&
				one.target === edge.target &&
				one.from === from &&
				one.to === to,
		);
		const what = `${edge.source} -> ${edge.target}`;
		const points = lines[index] ?? [];
		if (real === undefined || real.points.length !== points.length) {
			deviations.push({ what: `${what}: no such line`, pixels: Infinity });
			return;
		}
		add(
			what,
			...real.points.map(({ x, y }, at) =>
				Math.hypot(x - (points[at]?.x ?? 0), y - (points[at]?.y ?? 0)),
			),
		);
		compared.edges++;
	});
	return deviations;
}
