// Makes src/draw/glyph-data.ts and src/draw/font-data.ts out of published packages, so that neither
// 90 MB of icons is installed by everybody nor a font is read for an SVG.
//
//   node packages/workflow-kit/scripts/draw-data.ts
//
// It needs npm and, once, the network: npm pack of the three packages into a temporary folder.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readFont } from '../src/draw/font-file.ts';
import { BRANDS, SYMBOLS } from '../src/draw/icon-table.ts';

const LUCIDE = 'lucide-static@1.62.0';
const SIMPLE_ICONS = 'simple-icons@16.37.0';
const INTER = '@expo-google-fonts/inter@0.4.2';
const WEIGHTS = { 400: '400Regular', 500: '500Medium', 600: '600SemiBold' };
/** Latin with its extensions, Greek, Cyrillic, punctuation, currency, arrows. */
const RANGES = [
	[0x20, 0x24f],
	[0x370, 0x52f],
	[0x2010, 0x203a],
	[0x20a0, 0x20bf],
	[0x2190, 0x21ff],
] as const;

const run = promisify(execFile);
const target = path.join(import.meta.dirname, '../src/draw');

const folder = await mkdtemp(path.join(tmpdir(), 'draw-data-'));
try {
	await writeGlyphs();
	await writeFont();
} finally {
	await rm(folder, { recursive: true, force: true });
}

async function unpack(name: string, files: string[]): Promise<string> {
	const { stdout } = await run('npm', ['pack', name, '--silent', '--pack-destination', folder]);
	const to = path.join(folder, name.replaceAll(/[^a-z0-9]/g, '-'));
	await run('mkdir', [to]);
	await run('tar', ['-xzf', path.join(folder, stdout.trim()), '-C', to, ...files]);
	return path.join(to, 'package');
}

async function writeGlyphs(): Promise<void> {
	const lucide = await unpack(LUCIDE, ['package/icons']);
	const simple = await unpack(SIMPLE_ICONS, ['package/icons', 'package/data']);
	const colours = new Map<string, string>();
	const brands: unknown = JSON.parse(
		await readFile(path.join(simple, 'data/simple-icons.json'), 'utf8'),
	);
	if (!Array.isArray(brands)) throw new Error('simple-icons has changed the shape of its data.');
	const lines: string[] = [];
	for (const symbol of [...new Set(Object.values(SYMBOLS).map(([glyph]) => glyph))].sort()) {
		if (!symbol.startsWith('lucide:')) continue;
		const svg = await readFile(path.join(lucide, 'icons', `${symbol.slice(7)}.svg`), 'utf8');
		const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
		if (inner === undefined) throw new Error(`${symbol} has no drawing.`);
		lines.push(`\t'${symbol}': '${oneLine(inner)}',`);
	}
	for (const slug of [...new Set(Object.values(BRANDS))].sort()) {
		const svg = await readFile(path.join(simple, 'icons', `${slug}.svg`), 'utf8');
		const d = / d="([^"]+)"/.exec(svg)?.[1];
		const title = /<title>([^<]*)</.exec(svg)?.[1];
		const brand: unknown = brands.find(
			(one: { title: string; slug?: string }) => one.slug === slug || one.title === title,
		);
		if (d === undefined || typeof brand !== 'object' || brand === null || !('hex' in brand))
			throw new Error(`simple-icons has no ${slug}.`);
		colours.set(slug, String(brand.hex));
		lines.push(`\t'brand:${slug}': '<path d="${d}"/>',`);
	}
	for (const name of ['marketingSuite', 'researchBot', 'store', 'videoFactory']) {
		const svg = await readFile(
			path.join(import.meta.dirname, `../../../icons/${name}.svg`),
			'utf8',
		);
		const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1] ?? '';
		lines.push(`\t'autopilot:${name}': '<g transform="scale(.375)">${oneLine(inner)}</g>',`);
	}
	const text = [
		`// Made by scripts/draw-data.ts out of ${LUCIDE} (ISC, see LICENSES.md) and ${SIMPLE_ICONS} (CC0).`,
		'',
		'/** What is inside the <symbol>, on a grid of 24 x 24; lucide is stroked, brands are filled. */',
		'export const GLYPHS: Readonly<Record<string, string>> = {',
		...lines,
		'};',
		'',
		'/** Colours of the brands. */',
		'export const BRAND_COLOURS: Readonly<Record<string, string>> = {',
		...[...colours].map(([slug, hex]) => `\t'${slug}': '#${hex.toLowerCase()}',`),
		'};',
		'',
	];
	await writeTypeScript('glyph-data.ts', text.join('\n'));
}

function oneLine(svg: string): string {
	return svg.replaceAll(/\s+/g, ' ').replaceAll(' />', '/>').replaceAll('> <', '><').trim();
}

async function writeFont(): Promise<void> {
	const inter = await unpack(
		INTER,
		Object.values(WEIGHTS).map((name) => `package/${name}`),
	);
	const tables: string[] = [];
	for (const [weight, name] of Object.entries(WEIGHTS)) {
		const font = await readFile(path.join(inter, name, `Inter_${name}.ttf`));
		const { letter, has, unitsPerEm } = readFont(font);
		const ranges = RANGES.map(([from, to]) => {
			const widths: number[] = [];
			for (let code = from; code <= to; code++)
				widths.push(has(code) ? Math.round((letter(code).advance * 1000) / unitsPerEm) : 0);
			return `\t\t[${from}, [${widths.join(', ')}]],`;
		});
		tables.push(`\t${weight}: [\n${ranges.join('\n')}\n\t],`);
	}
	const text = [
		`// Made by scripts/draw-data.ts out of ${INTER} (Inter, OFL-1.1).`,
		'',
		'/** Widths of characters in thousandths of the font size, per weight: first code point, widths; 0: not in the font. */',
		'export const WIDTHS: Readonly<Record<400 | 500 | 600, readonly (readonly [number, readonly number[]])[]>> = {',
		...tables,
		'};',
		'',
	];
	await writeTypeScript('font-data.ts', text.join('\n'));
}

async function writeTypeScript(name: string, text: string): Promise<void> {
	const file = path.join(target, name);
	await writeFile(file, text);
	await run('npx', ['prettier', '--write', file]);
}
