// npm run bench -- stack | video | research | mail | store | workflows [--json]: a table, and with --json one JSON object as the last line.
import { parseArgs, styleText } from 'node:util';

interface Figure {
	name: string;
	value: number;
	unit: string;
	limit?: number;
	goal?: number;
	ok: boolean;
}
type Bench = () => Promise<{ name: string; figures: Figure[] }>;

const FILES: Record<string, string> = {
	stack: '../packages/stack/bench.ts',
	video: '../services/video-factory/bench.ts',
	research: '../services/research-bot/bench.ts',
	mail: '../services/marketing-suite/bench.ts',
	workflows: '../packages/workflow-kit/bench.ts',
	store: '../services/store/bench.ts',
};

const { values, positionals } = parseArgs({
	options: { json: { type: 'boolean', default: false } },
	allowPositionals: true,
});
const names = positionals.length === 0 ? Object.keys(FILES) : positionals;
const unknown = names.filter((name) => !(name in FILES));
if (unknown.length > 0) {
	console.error(`No bench ${unknown.join(', ')}: take ${Object.keys(FILES).join(', ')}.`);
	process.exit(2);
}

let allOk = true;
for (const name of names) {
	const { bench } = (await import(FILES[name] ?? '')) as { bench: Bench };
	const result = await bench();
	print(result.figures);
	allOk &&= result.figures.every(({ ok }) => ok);
	if (values.json) console.log(JSON.stringify({ name: result.name, figures: result.figures }));
}
process.exitCode = allOk ? 0 : 1;

function print(figures: Figure[]): void {
	const width = Math.max(...figures.map(({ name }) => name.length));
	for (const { name, value, unit, goal, limit, ok } of figures) {
		const bounds = [goal && `goal ${goal}`, limit && `limit ${limit}`].filter(Boolean).join(', ');
		const mark = bounds === '' ? ' ' : ok ? styleText('green', '✔') : styleText('red', '✗');
		const amount = `${value.toLocaleString('en')} ${unit}`.padStart(12);
		console.log(`${mark} ${name.padEnd(width)} ${amount}   ${styleText('dim', bounds)}`);
	}
}
