import type { Json } from '../src/index.ts';
import { pick } from './random.ts';

const SCRAPS = [
	...[
		'"',
		'\\',
		'{',
		'}',
		'[',
		']',
		',',
		':',
		'\u0000',
		'\ud800',
		'\uFEFF',
		'{{',
		'}}',
		'=',
		'-----BEGIN',
	],
	...[
		'"__proto__":',
		'"nodes":',
		'1e999',
		'-',
		'null',
		'eyJhbGciOiJ',
		'sk-ant-',
		'://a:b@c',
		'Basic ',
		'\n',
	],
];
const ODD: Json[] = [
	...[null, true, -1, 0.5, 1e308, '', ' ', '=', '{{', '__proto__', 'constructor', 'toString'],
	...[[], {}, [null], [[]], { main: null }, { __rl: true }, '\ud800', 'x'.repeat(1000)],
];

/** Cuts, doubles, swaps or inserts a few pieces. */
export function mutateText(text: string, random: () => number): string {
	let result = text;
	for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
		const at = Math.floor(random() * result.length);
		const length = Math.floor(random() * random() * 200);
		const [before, piece, after] = [
			result.slice(0, at),
			result.slice(at, at + length),
			result.slice(at + length),
		];
		switch (Math.floor(random() * 5)) {
			case 0:
				result = before + after;
				break;
			case 1:
				result = before + piece + piece + after;
				break;
			case 2:
				result = before + pick(random, SCRAPS) + piece + after;
				break;
			case 3:
				result = before;
				break;
			default:
				result = before + [...piece].reverse().join('') + after;
		}
	}
	return result;
}

/** The data with some values replaced, dropped, doubled or hung elsewhere. */
export function mutateJson(value: Json, random: () => number, share = 0.01): Json {
	if (random() < share) return pick(random, ODD);
	if (Array.isArray(value)) {
		const items = value.map((item) => mutateJson(item, random, share));
		if (random() < share * 3 && items.length > 0) items.push(pick(random, items));
		if (random() < share * 3) items.splice(Math.floor(random() * items.length), 1);
		return items;
	}
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([key, inner]) => {
			if (random() < share) return [];
			const name =
				random() < share
					? pick(random, ['__proto__', '', 'nodes', 'main', key.toUpperCase()])
					: key;
			return [[name, mutateJson(inner, random, share)]];
		}),
	);
}
