import { svgToPng } from './src/draw/png.ts';
import {
	canonicalText,
	drawSvg,
	parse,
	redact,
	scan,
	validate,
	type Profile,
} from './src/index.ts';
import { n8nFacts } from './test/n8n-facts.ts';
import { loadTemplates, type Template } from './test/templates.ts';
import { otherValidators } from './test/validators.ts';

export interface Figure {
	name: string;
	value: number;
	unit: string;
	/** Above this it is not acceptable. */
	limit?: number;
	/** What it aims at. */
	goal?: number;
	ok: boolean;
}

const LIMIT_VALIDATE_MS = 5;
const GOAL_VALIDATE_MS = 2;
const LIMIT_SVG_MS = 1;
const LIMIT_PNG_MS = 100;
/** Too slow for all 2,352 in one sitting: pictures of every tenth, other validators on every twentieth. */
const [PICTURES, OTHERS] = [10, 20];
/** Of each document; the best one counts, for all alike: it is the one that nothing else disturbed. */
const RUNS = 3;

/** Times over the published templates, beside other validators on the same machine in the same run. */
export async function bench(): Promise<{ name: string; figures: Figure[] }> {
	const templates = await loadTemplates();
	const sample = every(templates, PICTURES);
	const facts = n8nFacts();
	const figures: Figure[] = [];
	const check = (profile: Profile) => (text: string) => validate(text, { profile, facts });

	figures.push(...timesOf('parse', templates, parse));
	for (const profile of ['import', 'run', 'publish'] as const) {
		const bounds = { limit: LIMIT_VALIDATE_MS, goal: GOAL_VALIDATE_MS };
		figures.push(...timesOf(`parse + validate (${profile})`, templates, check(profile), bounds));
	}
	// The database has their names beside the files; in a gallery's answer the wrapper has them.
	const blocked = (text: string) =>
		check('import')(text).some(
			({ severity, code }) => severity === 'error' && code !== 'workflow-name-missing',
		);
	figures.push(share('blocked by profile import', templates, blocked));
	figures.push(...timesOf('canonical form', templates, canonicalText));
	figures.push(...timesOf('secret scan', templates, scan));
	figures.push(...timesOf('redaction', sample, redact));

	const workflows = new Map(templates.map(({ text }) => [text, parse(text).workflows]));
	const svgs = (text: string) => (workflows.get(text) ?? []).map((workflow) => drawSvg(workflow));
	figures.push(...timesOf('SVG', templates, svgs, { limit: LIMIT_SVG_MS }));
	const drawn = new Map(sample.map(({ text }) => [text, svgs(text)]));
	const png = (text: string) =>
		(drawn.get(text) ?? []).map((svg) => svgToPng(svg, { width: 1200 }));
	figures.push(...timesOf('PNG of 1200 px from its SVG', sample, png, { limit: LIMIT_PNG_MS }));

	figures.push(...(await compare(every(templates, OTHERS))));
	return { name: 'workflows', figures };
}

/** Each other validator over each template. */
async function compare(sample: Template[]): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const { name, isValid, close } of await otherValidators()) {
		const times: number[] = [];
		let [valid, thrown] = [0, 0];
		for (const { text } of sample) {
			let best = Infinity;
			let outcome: boolean | undefined;
			for (let run = 0; run < RUNS; run++) {
				const start = performance.now();
				outcome = await isValid(JSON.parse(text)).catch(() => undefined);
				best = Math.min(best, performance.now() - start);
			}
			times.push(best);
			if (outcome === undefined) thrown++;
			else if (outcome) valid++;
		}
		close();
		figures.push(...quantiles(name, times));
		figures.push(figure(`${name} calls valid`, (100 * valid) / sample.length, '%'));
		figures.push(figure(`${name} throws on`, thrown, 'files'));
	}
	return figures;
}

function every(templates: Template[], nth: number): Template[] {
	return templates.filter((_, index) => index % nth === 0);
}

interface Bounds {
	limit?: number;
	goal?: number;
}

/** Some to warm up, then all; the bounds are on p95. */
function timesOf(
	name: string,
	templates: Template[],
	work: (text: string) => unknown,
	bounds: Bounds = {},
): Figure[] {
	for (const { text } of templates.slice(0, 300)) work(text);
	const times = templates.map(({ text }) => {
		let best = Infinity;
		for (let run = 0; run < RUNS; run++) {
			const start = performance.now();
			work(text);
			best = Math.min(best, performance.now() - start);
		}
		return best;
	});
	return quantiles(name, times, bounds);
}

function quantiles(name: string, times: number[], bounds: Bounds = {}): Figure[] {
	const sorted = times.toSorted((left, right) => left - right);
	const at = (part: number) =>
		sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
	return [figure(`${name} p50`, at(0.5), 'ms'), figure(`${name} p95`, at(0.95), 'ms', bounds)];
}

function share(name: string, templates: Template[], holds: (text: string) => boolean): Figure {
	const count = templates.filter(({ text }) => holds(text)).length;
	return figure(name, (100 * count) / templates.length, '%');
}

function figure(name: string, value: number, unit: string, bounds: Bounds = {}): Figure {
	return {
		...{ name, unit, ...bounds },
		value: Math.round(value * 1000) / 1000,
		ok: bounds.limit === undefined || value <= bounds.limit,
	};
}
