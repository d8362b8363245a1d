import type { CheerioAPI } from 'cheerio/slim';
import { clip } from './evidence.ts';
import type { Review, Source } from './evidence.ts';
import type { ProductReading } from './product.ts';
import { pathOf } from './selectors.ts';
import { ratingOf } from './schema-product.ts';
import { findThings, isThing, list, numberOf, textOf } from './things.ts';
import type { Thing } from './things.ts';

const maxBody = 5_000;

/**
 * The reviews on a page: of the schema.org product, of free-standing Review nodes, and only when
 * there are none, of elements that look like reviews. Duplicates are dropped.
 */
export function readReviews(
	reading: ProductReading,
	roots: { things: Thing[]; source: Source }[],
	dom: () => CheerioAPI,
	max: number,
): Review[] {
	const found: Review[] = [];
	if (reading.schema !== null) {
		const { product, source } = reading.schema;
		for (const key of ['review', 'reviews']) {
			list(product.thing[key]).forEach((node, at) => {
				if (isThing(node)) push(found, node, source, `${product.path}.${key}[${at}]`);
			});
		}
	}
	for (const { things, source } of roots) {
		for (const { thing, path } of findThings(things, (types) => types.includes('Review'))) {
			push(found, thing, source, path);
		}
	}
	if (found.length === 0) found.push(...visibleReviews(dom()));
	return dedupe(found).slice(0, max);
}

function push(found: Review[], node: Thing, source: Source, path: string): void {
	const body = textOf(node['reviewBody'] ?? node['description'] ?? node['text']) ?? '';
	const ratingNode = list(node['reviewRating']).find(isThing);
	const rating = ratingNode === undefined ? numberOf(node['reviewRating']) : ratingOf(ratingNode);
	if (body === '' && rating === null) return;
	found.push({
		author: textOf(node['author']),
		rating,
		title: textOf(node['name'] ?? node['headline']),
		body: clip(body, maxBody),
		date: textOf(node['datePublished'] ?? node['dateCreated']),
		source,
		path,
	});
}

const boxes =
	'[data-testid*="review" i], [data-hook="review"], .review, .review-item, .product-review, .customer-review, .comment_container, li[class*="review" i], article[class*="review" i], div[class*="review-item" i], div[class*="review-card" i]';

function visibleReviews($: CheerioAPI): Review[] {
	return $(boxes)
		.toArray()
		.filter((element) => $(element).find(boxes).length === 0)
		.flatMap((element): Review[] => {
			const box = $(element);
			const first = (selector: string) => clip(box.find(selector).first().text(), maxBody) || null;
			const body = first(
				'[class*="body" i], [class*="text" i], [class*="content" i], [class*="description" i], [data-hook="review-body"], p',
			);
			if (body === null) return [];
			const star = box.find('[aria-label], [title], [data-rating], [data-score]').toArray();
			const rating = star
				.map((node) => {
					const { attribs } = { attribs: $(node).attr() ?? {} };
					const text =
						attribs['data-rating'] ??
						attribs['data-score'] ??
						attribs['aria-label'] ??
						attribs['title'];
					return numberOf(/\d+(?:[.,]\d+)?/.exec(text ?? '')?.[0]);
				})
				.find((value) => value !== null && value <= 5);
			return [
				{
					author: first(
						'[class*="author" i], [class*="user" i], [class*="name" i], [data-hook="review-author"]',
					),
					rating: rating ?? null,
					title: first('[class*="title" i], [class*="headline" i], h3, h4'),
					body,
					date: box.find('time').attr('datetime') ?? first('time, [class*="date" i]'),
					source: 'selector',
					path: pathOf($, box),
				},
			];
		});
}

function dedupe(reviews: Review[]): Review[] {
	const seen = new Set<string>();
	return reviews.filter(({ author, body, rating }) => {
		const key = `${author ?? ''}\n${rating ?? ''}\n${body}`.toLowerCase();
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}
