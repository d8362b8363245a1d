import { type Html, html, type Piece } from '@autopilot/html';
import type { Cart } from '../carts/schema.ts';
import { formatMoney } from '../money/money.ts';
import type { Address } from '../orders/schema.ts';
import type { ShippingOption } from '../shipping-options/schema.ts';
import { countryField } from './countries.ts';
import { input, message, tokenField } from './shell.ts';

interface Told {
	token: string;
	error?: string | undefined;
	done?: string | undefined;
}

export function cartPage({ cart, token, error, done }: Told & { cart: Cart | undefined }): Html {
	if (cart === undefined || cart.lines.length === 0) {
		return html`<section class="empty">
			<h1>Your cart is empty</h1>
			${message('alert', error)}
			<p><a class="button" href="/">Look around</a></p>
		</section>`;
	}
	return html`<div class="narrow">
		<h1>Your cart</h1>
		${message('alert', error ?? cart.problem?.detail)} ${message('status', done)}
		<ul class="cart-lines">
			${cart.lines.map((line) => cartLine(line, cart, token))}
		</ul>
		${totals(cart)}
		<p class="actions">
			<a class="button" href="/checkout">Check out</a
			><a class="button quiet" href="/">Keep looking</a>
		</p>
	</div>`;
}

function cartLine(line: Cart['lines'][number], cart: Cart, token: string): Html {
	const currency = cart.price?.currency;
	const sum =
		line.unitAmount === null || currency === undefined
			? ''
			: formatMoney({ amount: line.unitAmount * line.quantity, currency });
	const id = `q-${line.sku}`;
	return html`<li>
		<span class="name"
			>${line.title ?? line.sku}<small
				>${line.sku}${line.title === null ? ' · not sold any more' : ''}</small
			></span
		>
		<form method="post" action="/cart/lines">
			${tokenField(token)}<input type="hidden" name="sku" value="${line.sku}" />
			<label class="visually-hidden" for="${id}">Quantity of ${line.title ?? line.sku}</label>
			<input
				id="${id}"
				name="quantity"
				type="number"
				inputmode="numeric"
				min="0"
				max="99"
				value="${line.quantity}"
			/>
			<button class="small quiet">Update</button>
			<button class="small bare" name="remove" value="yes">Remove</button>
		</form>
		<span class="price">${sum}</span>
	</li>`;
}

/** What an order of the cart would cost now. */
function totals({ price, couponCode, lines }: Cart): Piece {
	if (price === null) return null;
	const { currency } = price;
	const row = (label: string, amount: number, name = '') =>
		html`<dt class="${name}">${label}</dt>
			<dd class="${name}">${formatMoney({ amount, currency })}</dd>`;
	const ships = lines.some(({ delivery }) => delivery === 'physical');
	const added = price.tax - price.taxIncluded;
	return html`<dl class="totals">
		${row('Goods', price.subtotal)}
		${price.discount > 0 ? row(`Coupon ${couponCode ?? ''}`, -price.discount) : null}
		${ships ? row('Shipping', price.shipping) : null} ${added > 0 ? row('Tax', added) : null}
		${row('Total', price.total, 'total')}
		${
			price.taxIncluded > 0
				? html`<dt class="soft">Tax in it</dt>
						<dd class="soft">${formatMoney({ amount: price.taxIncluded, currency })}</dd>`
				: null
		}
	</dl>`;
}

/** First step: who buys, and where it goes. */
export function detailsPage({ cart, token, error }: Told & { cart: Cart }): Html {
	const ships = cart.lines.some(({ delivery }) => delivery === 'physical');
	const { shippingAddress: to } = cart;
	return html`<div class="checkout">
		<section>
			<p class="steps"><b>1 Your details</b><span>2 Review</span><span>3 Pay</span></p>
			<h1>Your details</h1>
			${message('alert', error)}
			<form method="post" action="/checkout">
				${tokenField(token)}
				${input({ name: 'email', label: 'E-mail', type: 'email', value: cart.email, autocomplete: 'email', isRequired: true, maxLength: 254, hint: 'For the confirmation, and for the link to your order.' })}
				${input({ name: 'name', label: 'Name', value: cart.name, autocomplete: 'name', isRequired: ships })}
				${ships ? addressFields(to) : null}
				<button>Continue</button>
			</form>
		</section>
		${summary(cart)}
	</div>`;
}

export function addressFields(address: Address | null, legend = 'Delivery address'): Html {
	return html`<fieldset>
		<legend>${legend}</legend>
		${input({ name: 'line1', label: 'Street and number', value: address?.line1, autocomplete: 'address-line1', isRequired: true })}
		${input({ name: 'line2', label: 'More', value: address?.line2, autocomplete: 'address-line2' })}
		<div class="pair">
			${input({ name: 'postalCode', label: 'Postal code', value: address?.postalCode, autocomplete: 'postal-code', maxLength: 20 })}
			${input({ name: 'city', label: 'City', value: address?.city, autocomplete: 'address-level2', isRequired: true, maxLength: 100 })}
		</div>
		${input({ name: 'region', label: 'State or region', value: address?.region, autocomplete: 'address-level1', maxLength: 100 })}
		${countryField(address?.country)}
		${input({ name: 'phone', label: 'Phone', value: address?.phone, type: 'tel', autocomplete: 'tel', maxLength: 40, hint: 'For the carrier only.' })}
	</fieldset>`;
}

/** Second step: how it travels, a coupon, and what it costs with all that. */
export function reviewPage(given: Told & { cart: Cart; options: ShippingOption[] }): Html {
	const { cart, token, error, done, options } = given;
	const { shippingAddress: to } = cart;
	return html`<div class="checkout">
		<section>
			<p class="steps"><a href="/checkout">1 Your details</a><b>2 Review</b><span>3 Pay</span></p>
			<h1>Review</h1>
			${message('alert', error ?? cart.problem?.detail)} ${message('status', done)}
			<p class="card">
				<span
					>${cart.name}<br />${cart.email}${to === null ? null : html`<br />${addressLine(to)}`}</span
				>
				<a href="/checkout">Change<span class="visually-hidden"> your details</span></a>
			</p>
			${shippingChoice(cart, options, token)}
			<form class="inline" method="post" action="/checkout/coupon">
				${tokenField(token)}
				${input({ name: 'coupon', label: 'Coupon', value: cart.couponCode, maxLength: 50 })}
				<button class="small quiet">Apply</button>
			</form>
			<form method="post" action="/checkout/order">
				${tokenField(token)}
				<button ${cart.price === null ? html`disabled` : null}>
					${cart.price === null ? 'Not yet' : cart.price.total === 0 ? 'Order' : `Order and pay ${formatMoney({ amount: cart.price.total, currency: cart.price.currency })}`}
				</button>
			</form>
		</section>
		${summary(cart)}
	</div>`;
}

function shippingChoice(cart: Cart, options: ShippingOption[], token: string): Piece {
	const fitting = options.filter(
		({ price, active }) => active && price.currency === cart.price?.currency,
	);
	if (fitting.length < 2) return null;
	const chosen =
		cart.shippingOptionId ?? [...fitting].sort((a, b) => a.price.amount - b.price.amount)[0]?.id;
	return html`<form method="post" action="/checkout/shipping">
		${tokenField(token)}
		<fieldset class="choice">
			<legend>Shipping</legend>
			${fitting.map(
				({ id, name, price, estimate }) =>
					html`<label class="option">
						<input
							type="radio"
							name="option"
							value="${id}"
							${id === chosen ? html`checked` : null}
						/>
						<span>${name}<small>${estimate ?? ''}</small></span
						><span class="price">${formatMoney(price)}</span>
					</label>`,
			)}
		</fieldset>
		<button class="small quiet">Use this shipping</button>
	</form>`;
}

function summary(cart: Cart): Html {
	const currency = cart.price?.currency;
	return html`<aside class="summary" aria-label="What you buy">
		<ul>
			${cart.lines.map(
				({ title, sku, quantity, unitAmount }) =>
					html`<li>
						<span>${title ?? sku}${quantity > 1 ? ` × ${quantity}` : ''}</span
						><span
							>${unitAmount === null || currency === undefined ? '' : formatMoney({ amount: unitAmount * quantity, currency })}</span
						>
					</li>`,
			)}
		</ul>
		${totals(cart)}
		<p><a href="/cart">Change the cart</a></p>
	</aside>`;
}

export function addressLine(address: Address): string {
	const { line1, line2, postalCode, city, region, country } = address;
	return [line1, line2, [postalCode, city].filter(Boolean).join(' '), region, country]
		.filter((part) => part !== undefined && part !== '')
		.join(', ');
}
