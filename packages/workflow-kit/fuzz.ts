// node packages/workflow-kit/fuzz.ts [count] [seed]: damaged templates through everything that reads them.
import {
	canonicalText,
	drawMermaid,
	drawSvg,
	fingerprint,
	redact,
	requirementsOf,
	scan,
	validate,
	type Json,
} from './src/index.ts';
import { parse } from './src/index.ts';
import { mutateJson, mutateText } from './test/mutate.ts';
import { pick, seeded } from './test/random.ts';
import { loadTemplates } from './test/templates.ts';

const [count, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1)];
const random = seeded(seed);
const templates = (await loadTemplates()).filter(({ text }) => text.length < 12_000);
let [slowest, left, peak] = [0, 0, 0];

for (let done = 0; done < count; done++) {
	const { id, text } = pick(random, templates);
	const input =
		done % 2 === 0 ? mutateText(text, random) : mutateJson(JSON.parse(text) as Json, random);
	const start = performance.now();
	try {
		everything(input);
	} catch (error) {
		console.error(`Input ${done} (template ${id}, seed ${seed}):`, error);
		process.exitCode = 1;
	}
	slowest = Math.max(slowest, performance.now() - start);
	if (done % 1_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
console.log(
	`${count} inputs, slowest ${Math.round(slowest)} ms, ${left} secrets left, at most ${Math.round(peak / 1e6)} MB`,
);
if (left > 0) process.exitCode = 1;

function everything(input: unknown): void {
	const { workflows } = parse(input);
	for (const workflow of workflows) {
		fingerprint(workflow);
		drawSvg(workflow);
		drawMermaid(workflow);
	}
	requirementsOf(workflows);
	validate(input, { profile: 'publish' });
	canonicalText(input);
	const clean = redact(input).text;
	if (clean !== undefined)
		left += scan(clean).filter(({ code }) => code.startsWith('secret-')).length;
}
