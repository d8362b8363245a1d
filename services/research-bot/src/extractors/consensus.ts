import type { Money } from '../prices/money.ts';
import type { Found, ProductFacts, ProductField, ProductValues, Source } from './evidence.ts';

/** A value, why it is believed, and what else the page said. */
export interface Evidence<T = unknown> extends Found<T> {
	/** Further places that say the same. */
	agreeing: Source[];
	/** Places that say something else. */
	disagreeing: { value: unknown; source: Source; path: string; raw: string }[];
}

export interface Consensus {
	product: Partial<ProductValues>;
	evidence: Partial<Record<ProductField, Evidence>>;
}

/** Fields where two places that differ cannot both be right. */
const exclusive = new Set<ProductField>(['price', 'availability', 'originalPrice', 'sku', 'gtin']);

/**
 * Weighs the layers against each other, field by field. Equal values add up as independent
 * witnesses (1 - product of the doubts); a dissenting place lowers the confidence of the winner.
 */
export function consensus(layers: ProductFacts[]): Consensus {
	const product: Partial<ProductValues> = {};
	const evidence: Consensus['evidence'] = {};
	const settle = <Field extends ProductField>(field: Field): void => {
		const found = layers.flatMap((layer) => layer[field] ?? []) as Found<ProductValues[Field]>[];
		const winner = weigh(field, found);
		if (winner === null) return;
		product[field] = winner.value;
		evidence[field] = winner;
	};
	for (const field of fields) settle(field);
	return { product, evidence };
}

const fields: ProductField[] = [
	'name',
	'price',
	'originalPrice',
	'highPrice',
	'availability',
	'rating',
	'reviewCount',
	'image',
	'brand',
	'sku',
	'gtin',
	'description',
	'variants',
];

function weigh<T>(field: ProductField, found: Found<T>[]): Evidence<T> | null {
	const groups: Found<T>[][] = [];
	for (const one of found) {
		const group = groups.find(([first]) => first !== undefined && same(first.value, one.value));
		if (group === undefined) groups.push([one]);
		else group.push(one);
	}
	const ranked = groups
		.map((group) => ({ group, belief: belief(group), weight: weight(group) }))
		.sort((a, b) => b.weight - a.weight);
	const [winner, runnerUp] = ranked;
	if (winner === undefined) return null;
	const byTrust = [...winner.group].sort((a, b) => b.confidence - a.confidence);
	const best = byTrust.find(({ value }) => isComplete(value)) ?? byTrust[0];
	if (best === undefined) return null;
	const against = exclusive.has(field) ? (runnerUp?.belief ?? 0) : 0;
	const confidence =
		(winner.belief * winner.belief) / (winner.belief + 0.5 * against * winner.belief);
	return {
		...best,
		confidence: Math.round(confidence * 100) / 100,
		agreeing: byTrust.filter((one) => one !== best).map(({ source }) => source),
		disagreeing: ranked
			.slice(1)
			.flatMap(({ group }) => group)
			.map(({ value, source, path, raw }) => ({ value, source, path, raw })),
	};
}

/** Two lesser places that agree outvote a better one that stands alone: stale JSON-LD is common. */
function weight(group: Found<unknown>[]): number {
	return group.reduce((sum, { confidence }) => sum + confidence, 0);
}

function belief(group: Found<unknown>[]): number {
	const doubt = group.reduce((product, { confidence }) => product * (1 - confidence), 1);
	return 1 - doubt;
}

function isMoney(value: unknown): value is Money {
	return typeof value === 'object' && value !== null && 'decimal' in value && 'currency' in value;
}

function isComplete(value: unknown): boolean {
	return !isMoney(value) || value.currency !== null;
}

function same(a: unknown, b: unknown): boolean {
	if (isMoney(a) && isMoney(b)) {
		return (
			Number(a.decimal) === Number(b.decimal) &&
			(a.currency === b.currency || a.currency === null || b.currency === null)
		);
	}
	if (typeof a === 'string' && typeof b === 'string') {
		const [x, y] = [plain(a), plain(b)];
		// Titles carry the shop's name: "Mug" and "Mug | Shop" agree.
		return x === y || (x.length >= 5 && y.startsWith(x)) || (y.length >= 5 && x.startsWith(y));
	}
	return a === b;
}

function plain(text: string): string {
	return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
