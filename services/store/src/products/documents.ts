import { compileContract } from '@autopilot/http';
import { encodeCursor, type Queryable } from '@autopilot/postgres';
import type { Listed, Stock } from './listing-store.ts';
import { product, variant } from './schema.ts';
import { type ProductRow, selectByIds } from './store.ts';

/** The JSON of a product at one version of its row, with a gap where each variant's stock belongs. */
interface Document {
	version: string;
	head: string;
	variants: string[];
	/** Of a page that ends with this product. */
	cursor: string;
}
interface Shown {
	json: string;
	cursor: string;
}

const MOST_DOCUMENTS = 5000;
const headOf = compileContract(product.omit({ variants: true }));
const variantHeadOf = compileContract(variant.omit({ stock: true, available: true }));

/**
 * Answers made of kept JSON. A catalogue is read far more often than it is changed, and nine tenths of reading it was
 * to put the same JSON together again, in PostgreSQL and here. What is asked for each time is which products, at
 * which version of their row (xmin, which every change of a product or its variants moves), and what is in stock.
 */
export function openDocuments(db: Queryable) {
	const kept = new Map<string, Document>();

	/** Each of them that is still there, by id. */
	async function read(listed: readonly Listed[]): Promise<Map<string, Shown>> {
		const found = new Map<string, Shown>();
		const missing: string[] = [];
		for (const { id, version, stock } of listed) {
			const document = kept.get(id);
			if (document?.version === version) found.set(id, show(document, stock));
			else missing.push(id);
		}
		if (missing.length === 0) return found;
		if (kept.size + missing.length > MOST_DOCUMENTS) kept.clear();
		for (const row of await selectByIds(db, missing)) {
			const document = toDocument(row);
			kept.set(row.id, document);
			// The product may have changed since it was listed: its stock is then the one that was read with it.
			found.set(row.id, show(document, row.variants));
		}
		return found;
	}

	return {
		/** @returns the JSON of one product, or undefined if it was deleted meanwhile */
		async one(listed: Listed): Promise<string | undefined> {
			return (await read([listed])).get(listed.id)?.json;
		},
		/** @param listed  read with `LIMIT limit + 1` @returns the JSON of a page */
		async page(listed: readonly Listed[], limit: number): Promise<string> {
			const shown = listed.slice(0, limit);
			const found = await read(shown);
			const data = shown.flatMap(({ id }) => found.get(id)?.json ?? []);
			const last = listed.length > limit ? shown.at(-1) : undefined;
			const cursor = last === undefined ? null : (found.get(last.id)?.cursor ?? null);
			return `{"data":[${data.join(',')}],"nextCursor":${JSON.stringify(cursor)}}`;
		},
	};
}

function toDocument({ variants, version, position, ...row }: ProductRow): Document {
	return {
		version,
		head: headOf(row).slice(0, -1),
		variants: variants.map((one) => variantHeadOf(one).slice(0, -1)),
		cursor: encodeCursor([position, row.id]),
	};
}

function show({ head, variants, cursor }: Document, stock: readonly Stock[]): Shown {
	const filled = variants.map((variantHead, index) => {
		const { stock: there, available } = stock[index] ?? { stock: 0, available: 0 };
		return `${variantHead},"stock":${there},"available":${available}}`;
	});
	return { json: `${head},"variants":[${filled.join(',')}]}`, cursor };
}
