import { type Html, html, type Piece } from '@autopilot/html';
import { formatMoney } from '../money/money.ts';
import type { Plan } from '../plans/schema.ts';
import type { Media, Product, Variant } from '../products/schema.ts';
import { message, tokenField } from './shell.ts';

/** Everything that is sold, the newest first. */
export function cataloguePage(products: Product[], plans: Plan[], next: string | null): Html {
	if (products.length === 0) {
		return html`<section class="empty">
			<h1>Nothing is for sale yet</h1>
			<p>Come back soon.</p>
		</section>`;
	}
	return html`<h1 class="visually-hidden">Products</h1>
		<ul class="catalogue">
			${products.map((product) => card(product, plans))}
		</ul>
		${next === null ? null : html`<p class="more"><a class="button quiet" href="/?cursor=${next}">More products</a></p>`}`;
}

function card(product: Product, plans: Plan[]): Html {
	const picture = product.media.find(({ kind }) => kind === 'image');
	return html`<li>
		<a href="/products/${product.slug}">
			<span class="frame"
				>${picture === undefined ? placeholder(product.title) : html`<img src="${picture.url}" alt="" loading="lazy" />`}</span
			>
			<span class="name">${product.title}</span>
			<span class="price">${priceRange(product.variants, plans)}</span>
			${isSoldOut(product) ? html`<span class="note">Sold out</span>` : null}
		</a>
	</li>`;
}

function priceRange(variants: Variant[], plans: Plan[]): string {
	const [first] = variants;
	if (first === undefined) return '';
	if (variants.length === 1) return priceOf(first, plans);
	const cheapest = variants.reduce(
		(one, other) => (other.price.amount < one.price.amount ? other : one),
		first,
	);
	const differs = variants.some(({ price }) => price.amount !== cheapest.price.amount);
	return `${differs ? 'from ' : ''}${formatMoney(cheapest.price)}`;
}

const isAvailable = ({ tracksStock, available }: Variant) => !tracksStock || available > 0;
const isSoldOut = ({ variants }: Product) => !variants.some(isAvailable);

function placeholder(title: string): Html {
	return html`<span class="placeholder" aria-hidden="true">${title.slice(0, 1)}</span>`;
}

export interface ProductView {
	product: Product;
	plans: Plan[];
	token: string;
	error?: string | undefined;
}

/** One product: pictures, video, choice of variant, and the two ways to buy it. */
export function productPage({ product, plans, token, error }: ProductView): Html {
	const choosable = product.variants.find(isAvailable);
	const seen = product.media.filter(({ kind }) => kind !== 'document');
	const read = product.media.filter(({ kind }) => kind === 'document');
	return html`<article class="product">
		<div class="gallery">
			${seen.length === 0 ? html`<div class="frame">${placeholder(product.title)}</div>` : seen.map(shown)}
		</div>
		<div class="offer">
			<h1>${product.title}</h1>
			${message('alert', error)}
			<form method="post" action="/cart/add">
				${tokenField(token)}
				<input type="hidden" name="slug" value="${product.slug}" />
				${variantChoice(product.variants, plans, choosable)}
				${
					choosable === undefined
						? html`<p class="message alert">Sold out at the moment.</p>`
						: html`<p class="quantity">
									<label for="quantity">Quantity</label>
									<input
										id="quantity"
										name="quantity"
										type="number"
										inputmode="numeric"
										min="1"
										max="99"
										value="1"
										required
									/>
								</p>
								<div class="actions">
									<button name="then" value="checkout">Buy now</button>
									<button class="quiet" name="then" value="cart">Add to cart</button>
								</div>`
				}
			</form>
			<div class="prose">${paragraphs(product.description)}</div>
			${features(product.attributes['features'])} ${read.map(shown)}
		</div>
	</article>`;
}

function shown({ kind, url, alt }: Media, index: number): Piece {
	switch (kind) {
		case 'image':
			return html`<figure class="frame">
				<img src="${url}" alt="${alt ?? ''}" ${index === 0 ? null : html`loading="lazy"`} />
			</figure>`;
		case 'video':
			return html`<figure class="frame video">
				<video
					src="${url}"
					controls
					playsinline
					preload="metadata"
					${alt === undefined ? null : html`aria-label="${alt}"`}
				></video>
			</figure>`;
		case 'document':
			return html`<p><a href="${url}">${alt ?? 'Document'}</a></p>`;
	}
}

function variantChoice(variants: Variant[], plans: Plan[], chosen: Variant | undefined): Html {
	const [only] = variants;
	if (variants.length === 1 && only !== undefined) {
		return html`<input type="hidden" name="sku" value="${only.sku}" />
			<p class="price big">${priceOf(only, plans)}</p>
			<p class="note">${stockNote(only)}</p>`;
	}
	return html`<fieldset class="choice">
		<legend>Choose</legend>
		${variants.map(
			(variant) =>
				html`<label class="option">
					<input
						type="radio"
						name="sku"
						value="${variant.sku}"
						required
						${variant === chosen ? html`checked` : null}
						${isAvailable(variant) ? null : html`disabled`}
					/>
					<span>${variant.title}<small>${stockNote(variant)}</small></span>
					<span class="price">${priceOf(variant, plans)}</span>
				</label>`,
		)}
	</fieldset>`;
}

function priceOf({ id, price }: Variant, plans: Plan[]): string {
	const plan = plans.find(({ variantId }) => variantId === id);
	if (plan === undefined) return formatMoney(price);
	const every =
		plan.intervalCount === 1
			? `per ${plan.interval}`
			: `every ${plan.intervalCount} ${plan.interval}s`;
	const trial = plan.trialDays === 0 ? '' : `, first ${plan.trialDays} days free`;
	return `${formatMoney(price)} ${every}${trial}`;
}

function stockNote({ delivery, tracksStock, available }: Variant): string {
	if (delivery === 'digital' && !tracksStock) return 'Delivered at once, by download or key';
	if (available === 0) return 'Sold out';
	return available <= 5 ? `Only ${available} left` : 'In stock';
}

function paragraphs(text: string): Piece {
	return text
		.split(/\n\s*\n/)
		.filter((paragraph) => paragraph.trim() !== '')
		.map((paragraph) => html`<p>${paragraph}</p>`);
}

function features(given: unknown): Piece {
	if (!Array.isArray(given)) return null;
	const lines = given.filter((line): line is string => typeof line === 'string');
	return lines.length === 0
		? null
		: html`<ul class="features">
				${lines.map((line) => html`<li>${line}</li>`)}
			</ul>`;
}
