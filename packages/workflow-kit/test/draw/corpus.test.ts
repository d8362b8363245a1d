import { describe, expect, it } from '@jest/globals';
import { drawMermaid } from '../../src/draw/mermaid.ts';
import { svgToPng } from '../../src/draw/png.ts';
import { drawSvg } from '../../src/draw/svg.ts';
import { parse } from '../../src/model/parse.ts';
import { forThisMachine } from '../pace.ts';
import { loadTemplates } from '../templates.ts';

const workflows = (await loadTemplates()).flatMap(({ text }) => parse(text).workflows);

/** 95 of 100 are below. */
function p95(values: number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Infinity;
}

describe('all published templates', () => {
	it('become SVG: the same bytes each time, small, without anything foreign, quickly', () => {
		expect(workflows.length).toBeGreaterThan(2_300);
		const before = process.cpuUsage();
		for (const workflow of workflows) {
			const svg = drawSvg(workflow);
			const again = drawSvg(workflow);
			if (again !== svg) throw new Error(`${workflow.name} is drawn differently each time.`);
			if (
				/<(?:script|foreignObject|image|iframe|a)\b|NaN|Infinity/.test(
					svg.replace(/>[^<]*</g, '><'),
				)
			)
				throw new Error(
					`${workflow.name} has something in its picture that does not belong there.`,
				);
			if (svg.length > 1_000_000) throw new Error(`${workflow.name} has ${svg.length} bytes.`);
		}
		const { user, system } = process.cpuUsage(before);
		// npm run bench -- workflows has the figures; this finds what has become slow, also on a machine
		// that has other things to do: processor time per picture, 0.7 ms.
		expect((user + system) / 1000 / (2 * workflows.length)).toBeLessThan(forThisMachine(5));
	});

	it('become PNG of 1,200 pixels with text (every fortieth)', () => {
		const times: number[] = [];
		for (let index = 0; index < workflows.length; index += 40) {
			const workflow = workflows[index];
			if (workflow === undefined) continue;
			const svg = drawSvg(workflow);
			const before = process.cpuUsage();
			const png = svgToPng(svg, { width: 1200 });
			const { user, system } = process.cpuUsage(before);
			times.push((user + system) / 1000);
			expect(png.readUInt32BE(16)).toBeLessThanOrEqual(1200);
		}
		expect(p95(times)).toBeLessThan(forThisMachine(500));
	});

	it('become Mermaid', () => {
		for (const workflow of workflows)
			expect(drawMermaid(workflow).startsWith('flowchart LR\n')).toBe(true);
	});
});
