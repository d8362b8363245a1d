import { GLYPHS, BRAND_COLOURS } from './glyph-data.ts';
import { BRANDS, SYMBOLS } from './icon-table.ts';
import { OWN_GLYPHS } from './own-glyphs.ts';
import { cleanLine } from './text.ts';
import type { Theme } from './theme.ts';

/** A drawing that is defined once per picture; its colour comes from where it is used. */
export interface Icon {
	id: string;
	symbol: string;
	colour: string;
	/** Drawn as a share of the room for the icon: brands fill their grid, strokes do not. */
	scale: number;
	/** For services without a free glyph: one or two letters on a tile instead of a symbol. */
	letters?: string;
}

const FAMILIES: readonly (readonly [prefix: RegExp, family: string])[] = [
	[/^lmChat|^lm(?=[A-Z])/, 'model'],
	[/^embeddings(?=[A-Z])/, 'embeddings'],
	[/^memory(?=[A-Z])/, 'memory'],
	[/^(?:chatHubV|v)ectorStore(?=[A-Z])/, 'vectorstore'],
	[/^outputParser(?=[A-Z])/, 'outputparser'],
	[/^textSplitter(?=[A-Z])/, 'textsplitter'],
	[/^document(?=[A-Z])/, 'document'],
	[/^retriever(?=[A-Z])/, 'retriever'],
	[/^reranker(?=[A-Z])/, 'reranker'],
	[/^chain(?=[A-Z])/, 'chain'],
	[/^tool(?=[A-Z])/, 'tool'],
];

const cache = new Map<string, Icon>();
const CACHE_SIZE = 2_000;
const MAX_TYPE = 200;

/** The icon of a type of node; always the same for the same type. */
export function iconOf(given: string, theme: Theme): Icon {
	const type = cleanLine(given, MAX_TYPE);
	let icon = cache.get(type);
	if (icon === undefined) {
		icon = find(type);
		if (cache.size >= CACHE_SIZE) cache.clear();
		cache.set(type, icon);
	}
	return { ...icon, colour: readable(icon.colour, theme) };
}

export function badge(name: 'once' | 'retry' | 'continue' | 'output' | 'bolt', theme: Theme): Icon {
	const icon = symbolIcon(`badge:${name}`) ?? letters(name);
	return { ...icon, colour: icon.colour === '' ? theme.text : icon.colour };
}

function find(type: string): Icon {
	const name = type.slice(type.lastIndexOf('.') + 1);
	if (type.startsWith('n8n-nodes-autopilot.')) {
		const own = `autopilot:${name.replace(/Trigger$/, '')}`;
		const symbol = GLYPHS[own];
		if (symbol !== undefined) return { id: idOf(own), symbol, colour: '', scale: 1 };
	}
	const base = name.replace(/(?<=.)(Trigger|Tool)$/, '');
	const found = byKey(base.toLowerCase());
	if (found !== undefined) return found;
	for (const [prefix, family] of FAMILIES) {
		if (!prefix.test(base)) continue;
		const rest = base.replace(prefix, '').toLowerCase();
		return byKey(rest) ?? symbolIcon(`family:${family}`) ?? letters(base);
	}
	return letters(base);
}

function byKey(key: string): Icon | undefined {
	return symbolIcon(key) ?? brandIcon(key);
}

function symbolIcon(key: string): Icon | undefined {
	if (!Object.hasOwn(SYMBOLS, key)) return undefined;
	const [glyph, colour] = SYMBOLS[key] ?? ['', ''];
	if (glyph.startsWith('brand:')) return brandIcon(glyph.slice(6));
	if (glyph.startsWith('letters:')) return { ...letters(glyph), letters: glyph.slice(8), colour };
	const inner = OWN_GLYPHS[glyph] ?? GLYPHS[glyph];
	if (inner === undefined) return undefined;
	const symbol = glyph.startsWith('lucide:')
		? `<g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</g>`
		: inner;
	return { id: idOf(glyph), symbol, colour, scale: 1 };
}

function brandIcon(key: string): Icon | undefined {
	if (!Object.hasOwn(BRANDS, key)) return undefined;
	const slug = BRANDS[key] ?? '';
	const inner = GLYPHS[`brand:${slug}`];
	if (inner === undefined) return undefined;
	return {
		id: idOf(`brand:${slug}`),
		symbol: `<g fill="currentColor">${inner}</g>`,
		colour: BRAND_COLOURS[slug] ?? '',
		scale: 0.85,
	};
}

/** Not red, which means an error. */
const TILES = [
	'#3a42e9',
	'#0f766e',
	'#7c3aed',
	'#b45309',
	'#0369a1',
	'#a21caf',
	'#4d7c0f',
	'#475569',
];

function letters(name: string): Icon {
	const words = name
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '');
	const first = [...(words[0] ?? '')];
	const second = [...(words[1] ?? '')];
	const text = `${(first[0] ?? '?').toUpperCase()}${second[0]?.toUpperCase() ?? first[1]?.toLowerCase() ?? ''}`;
	let hash = 7;
	for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
	return {
		id: '',
		symbol: '',
		colour: TILES[hash % TILES.length] ?? '#475569',
		scale: 1,
		letters: text,
	};
}

function idOf(glyph: string): string {
	return `i-${glyph.replaceAll(':', '-')}`;
}

/** Black marks are drawn in the colour of text, and dark ones lighter on a dark canvas. */
function readable(colour: string, theme: Theme): string {
	if (colour === '') return theme.icon;
	const light = luminance(colour);
	if (theme.name === 'dark') {
		if (light < 0.03) return theme.icon;
		return light < 0.2 ? mix(colour, 0.45) : colour;
	}
	return light < 0.02 ? theme.icon : colour;
}

function channels(colour: string): [number, number, number] {
	const value = Number.parseInt(colour.slice(1), 16);
	return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(colour: string): number {
	const [red, green, blue] = channels(colour).map((value) => (value / 255) ** 2.2);
	return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function mix(colour: string, white: number): string {
	const hex = channels(colour)
		.map((value) =>
			Math.round(value + (255 - value) * white)
				.toString(16)
				.padStart(2, '0'),
		)
		.join('');
	return `#${hex}`;
}
