import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderToken } from '../src/orders/token.ts';
import { shopOf } from './shop.ts';
import { startStoreApp } from './store-app.ts';

let store: Awaited<ReturnType<typeof startStoreApp>>;
let shop: ReturnType<typeof shopOf>;
beforeAll(async () => {
	store = await startStoreApp({ STORE_NAME: 'Lamps & Co' });
	shop = shopOf(store);
});
afterAll(() => store.close());

/** A browser: keeps cookies, follows no redirects, sends forms with the token of the page it has seen. */
function browser() {
	const jar = new Map<string, string>();
	let page = '';
	const go = async (method: 'GET' | 'POST', url: string, payload?: string) => {
		const answer = await store.app.inject({
			method,
			url,
			headers: {
				cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
				...(payload === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
			},
			...(payload === undefined ? {} : { payload }),
		});
		for (const { name, value } of answer.cookies) jar.set(name, value);
		if (answer.headers['content-type']?.startsWith('text/html') === true) page = answer.body;
		return {
			status: answer.statusCode,
			location: String(answer.headers.location ?? ''),
			headers: answer.headers,
			text: answer.body,
		};
	};
	return {
		jar,
		open: (url: string) => go('GET', url),
		submit: (url: string, fields: Record<string, string>) => {
			const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';
			return go('POST', url, new URLSearchParams({ token, ...fields }).toString());
		},
	};
}

const SHIP_TO = { line1: 'Lindenallee 7', postalCode: '10115', city: 'Berlin', country: 'DE' };

async function paidOrder(sku: string, email = `${sku.toLowerCase()}@example.com`) {
	const { body: order } = await shop.order({ [sku]: 1 }, { email });
	await shop.pay(order.id);
	return { order, url: `/orders/${orderToken(order.id)}` };
}

describe('the catalogue', () => {
	it('shows what is published, with prices, and escapes what merchants write', async () => {
		await store.call('POST', '/api/v1/products', {
			title: 'Lamp <b>bold</b>',
			slug: 'bold',
			status: 'published',
			description: 'One.\n\n<script>alert(1)</script>',
			variants: [{ sku: 'BOLD', price: { amount: 8900, currency: 'EUR' }, stock: 3 }],
		});
		await store.call('POST', '/api/v1/products', {
			title: 'Secret draft',
			variants: [{ sku: 'DRAFT', price: { amount: 1, currency: 'EUR' } }],
		});
		const { text, headers } = await browser().open('/');
		expect(text).toContain('Lamp &lt;b&gt;bold&lt;/b&gt;');
		expect(text).toContain('€89.00');
		expect(text).not.toContain('Secret draft');
		expect(text).toContain('Lamps &amp; Co');
		expect(headers['x-robots-tag']).toBeUndefined();
		const product = await browser().open('/products/bold');
		expect(product.text).toContain('&lt;script&gt;');
		expect(product.text).toContain('Only 3 left');
	});

	it('answers a page with 404 for what is not sold', async () => {
		const { status, text } = await browser().open('/products/secret-draft');
		expect(status).toBe(404);
		expect(text).toContain('There is nothing here');
	});

	it('shows a page to people and a problem to programs where there is nothing', async () => {
		const ask = (url: string, accept: string) => store.app.inject({ url, headers: { accept } });
		const lost = await ask('/nowhere', 'text/html,*/*;q=0.8');
		expect(lost.statusCode).toBe(404);
		expect(lost.headers['content-type']).toContain('text/html');
		expect(lost.body).toContain('There is nothing here');
		for (const program of [
			await ask('/nowhere', '*/*'),
			await ask('/api/v1/nowhere', 'text/html'),
		]) {
			expect(program.statusCode).toBe(404);
			expect(program.json().code).toBe('route_not_found');
		}
	});

	it('serves its one stylesheet for a year under the name of its content', async () => {
		const { text, headers } = await browser().open('/');
		const url = /href="(\/assets\/[0-9a-f]+\.css)"/.exec(text)?.[1] ?? '';
		const css = await browser().open(url);
		expect(css.status).toBe(200);
		expect(css.headers['cache-control']).toContain('immutable');
		const policy = String(headers['content-security-policy']);
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toContain('script-src');
		expect(text).not.toMatch(/<script|style="| on[a-z]+="/);
	});
});

describe('a purchase', () => {
	it('goes from the product to an order with stock held, in four forms', async () => {
		const { slug } = await shop.sell({ sku: 'LAMP', amount: 8900, stock: 5 });
		const buyer = browser();
		await buyer.open(`/products/${slug}`);
		const added = await buyer.submit('/cart/add', {
			sku: 'LAMP',
			quantity: '2',
			slug,
			then: 'checkout',
		});
		expect(added).toMatchObject({ status: 303, location: '/checkout' });
		expect(buyer.jar.get('cart')).toMatch(/^[0-9a-f-]{36}$/);
		await buyer.open('/checkout');
		const details = { email: 'ada@example.com', name: 'Ada', ...SHIP_TO };
		expect((await buyer.submit('/checkout', details)).location).toBe('/checkout/review');
		const review = await buyer.open('/checkout/review');
		expect(review.text).toContain('Order and pay €178.00');
		const ordered = await buyer.submit('/checkout/order', {});
		expect(ordered.location).toMatch(/^\/orders\/[\w-]{43}\/pay$/);

		const { body } = await store.call('GET', '/api/v1/orders?email=ada@example.com');
		expect(body.data).toMatchObject([
			{ status: 'created', total: 17_800, shippingAddress: SHIP_TO },
		]);
		const order = await buyer.open(ordered.location.replace('/pay', ''));
		expect(order.text).toContain('Not paid yet');
		expect((await buyer.open('/cart')).text).toContain('Your cart is empty');
	});

	it('remembers which mail led here, so that the order counts for its campaign', async () => {
		const { slug } = await shop.sell({ sku: 'MAILED', stock: 5 });
		const buyer = browser();
		await buyer.open('/?ap_click=older-mail&ap_campaign=winter');
		await buyer.open(`/products/${slug}?ap_click=mail-7&ap_campaign=spring`);
		await buyer.open('/?ap_click=a~b;c&ap_campaign=<script>');
		await buyer.open(`/products/${slug}`);
		await buyer.submit('/cart/add', { sku: 'MAILED', quantity: '1', slug });
		await buyer.open('/checkout');
		await buyer.submit('/checkout', { email: 'eve@example.com', name: 'Eve', ...SHIP_TO });
		await buyer.open('/checkout/review');
		await buyer.submit('/checkout/order', {});
		const { body } = await store.call('GET', '/api/v1/orders?email=eve@example.com');
		expect(body.data).toMatchObject([{ clickId: 'mail-7', campaignId: 'spring' }]);
	});

	it('says on the page that payments do not work when no gateway is there', async () => {
		await shop.sell({ sku: 'UNPAYABLE', stock: 1 });
		const { body: order } = await shop.order({ UNPAYABLE: 1 });
		const { status, text } = await browser().open(`/orders/${orderToken(order.id)}/pay`);
		expect(status).toBe(503);
		expect(text).toContain('Payments do not work at the moment');
	});

	it('keeps what was typed and says what is wrong', async () => {
		const { slug } = await shop.sell({ sku: 'TYPED', stock: 5 });
		const buyer = browser();
		await buyer.open(`/products/${slug}`);
		await buyer.submit('/cart/add', { sku: 'TYPED', quantity: '1', slug });
		await buyer.open('/checkout');
		const { status, text } = await buyer.submit('/checkout', {
			email: 'no-mail',
			name: 'Ada',
			...SHIP_TO,
		});
		expect(status).toBe(422);
		expect(text).toContain('Please check: E-mail');
		expect(text).toContain('Lindenallee 7');
	});

	it('tells how many are left when somebody else was quicker', async () => {
		const { slug } = await shop.sell({ sku: 'RARE', stock: 1 });
		const buyer = browser();
		await buyer.open(`/products/${slug}`);
		await buyer.submit('/cart/add', { sku: 'RARE', quantity: '1', slug });
		await buyer.open('/checkout');
		await buyer.submit('/checkout', { email: 'late@example.com', name: 'Late', ...SHIP_TO });
		await buyer.open('/checkout/review');
		await shop.order({ RARE: 1 });
		const { status, text } = await buyer.submit('/checkout/order', {});
		expect(status).toBe(409);
		expect(text).toContain('RARE: 0 available, 1 wanted');
	});

	it('asks for no address when nothing is shipped, and takes off a coupon or says why not', async () => {
		const { slug } = await shop.sell({ sku: 'FILE', amount: 2000, delivery: 'digital' });
		await store.call('POST', '/api/v1/coupons', {
			code: 'TEN',
			kind: 'percent',
			basisPoints: 1000,
		});
		const buyer = browser();
		await buyer.open(`/products/${slug}`);
		await buyer.submit('/cart/add', { sku: 'FILE', quantity: '1', slug });
		expect((await buyer.open('/checkout')).text).not.toContain('Delivery address');
		await buyer.submit('/checkout', { email: 'file@example.com' });
		await buyer.open('/checkout/review');
		expect((await buyer.submit('/checkout/coupon', { coupon: 'NOPE' })).text).toContain(
			'There is no coupon NOPE',
		);
		await buyer.open('/checkout/review');
		await buyer.submit('/checkout/coupon', { coupon: 'TEN' });
		expect((await buyer.open('/checkout/review')).text).toContain('Order and pay €18.00');
	});

	it('changes and empties the cart', async () => {
		const { slug } = await shop.sell({ sku: 'MANY', amount: 500, stock: 50 });
		const buyer = browser();
		await buyer.open(`/products/${slug}`);
		await buyer.submit('/cart/add', { sku: 'MANY', quantity: '1', slug });
		await buyer.open('/cart');
		await buyer.submit('/cart/lines', { sku: 'MANY', quantity: '3' });
		expect((await buyer.open('/cart')).text).toContain('€15.00');
		await buyer.submit('/cart/lines', { sku: 'MANY', quantity: '3', remove: 'yes' });
		expect((await buyer.open('/cart')).text).toContain('Your cart is empty');
	});

	it('takes no form without the token of its own browser', async () => {
		const { slug } = await shop.sell({ sku: 'FORGED', stock: 5 });
		const [victim, attacker] = [browser(), browser()];
		await victim.open(`/products/${slug}`);
		const seen = await attacker.open(`/products/${slug}`);
		const token = /name="token" value="([^"]+)"/.exec(seen.text)?.[1] ?? '';
		const forged = await victim.submit('/cart/add', { sku: 'FORGED', quantity: '1', slug, token });
		expect(forged.status).toBe(403);
		expect(victim.jar.has('cart')).toBe(false);
	});
});

describe('the page of an order', () => {
	it('opens to whoever has its link, is kept by nobody, and to no other', async () => {
		await shop.sell({ sku: 'PRIVATE', stock: 5 });
		const { order, url } = await paidOrder('PRIVATE');
		const { status, text, headers } = await browser().open(url);
		expect(status).toBe(200);
		expect(text).toContain(order.number);
		expect(headers).toMatchObject({
			'cache-control': 'no-store',
			'x-robots-tag': 'noindex, nofollow',
		});
		// Not the last letter: two of its bits say nothing.
		const other = url.slice(0, -2) + (url.at(-2) === 'A' ? 'B' : 'A') + url.slice(-1);
		expect((await browser().open(other)).status).toBe(404);
		expect((await browser().open(`/orders/${order.id}`)).status).toBe(404);
	});

	it('shows a licence key only when asked, and lets a device go', async () => {
		const product = await shop.sell({ sku: 'KEYED', delivery: 'digital' });
		await store.call('PUT', `/api/v1/license-policies/${product.id}`, {
			type: 'perpetual',
			maxDevices: 1,
		});
		const { body: order } = await shop.order({ KEYED: 1 }, { email: 'key@example.com' });
		const url = `/orders/${orderToken(order.id)}`;
		const { body: license } = await store.call('POST', '/api/v1/licenses', {
			productId: product.id,
			email: 'key@example.com',
			orderLineId: order.lines[0].id,
		});
		const buyer = browser();
		const before = await buyer.open(url);
		expect(before.text).not.toContain(license.key);
		const shown = await buyer.submit(`${url}/licenses/${license.id}/reveal`, {});
		expect(shown.text).toContain(license.key);
		expect(shown.headers['cache-control']).toBe('no-store');

		await store.call('POST', '/api/v1/licenses/activations', {
			...{ key: license.key, fingerprint: 'machine-1', label: 'Studio <Mac>' },
		});
		const withDevice = await buyer.open(url);
		expect(withDevice.text).toContain('Studio &lt;Mac&gt;');
		const path = new RegExp(`${url}/devices/[0-9a-f-]+/remove`).exec(withDevice.text)?.[0] ?? '';
		expect((await buyer.submit(path, {})).location).toBe(`${url}?done=device`);
		expect((await buyer.open(url)).text).toContain('0 of 1 in use');
	});

	it('gives a file, counts it, and says when none are left', async () => {
		const product = await shop.sell({ sku: 'FILES', delivery: 'digital' });
		await store.call('PUT', `/api/v1/license-policies/${product.id}`, {
			...{ type: 'perpetual', maxDownloads: 1 },
		});
		for (const fileName of ['one.txt', 'two.txt']) {
			const uploaded = await store.app.inject({
				method: 'POST',
				url: `/api/v1/products/${product.id}/assets?version=1.0&fileName=${fileName}`,
				headers: {
					authorization: `Bearer ${store.key}`,
					'content-type': 'application/octet-stream',
				},
				payload: `bytes of ${fileName}`,
			});
			expect(uploaded.statusCode).toBe(201);
		}
		const { body: order } = await shop.order({ FILES: 1 }, { email: 'files@example.com' });
		const { body: license } = await store.call('POST', '/api/v1/licenses', {
			...{ productId: product.id, email: 'files@example.com', orderLineId: order.lines[0].id },
		});
		const url = `/orders/${orderToken(order.id)}`;
		const buyer = browser();
		const { text } = await buyer.open(url);
		expect(text).toContain('1 of 1 left');
		const assets = [...text.matchAll(/name="asset"\s+value="([0-9a-f-]+)"/g)].map(
			([, id = '']) => id,
		);
		expect(assets).toHaveLength(2);
		const path = `${url}/licenses/${license.id}/download`;
		const link = await buyer.submit(path, { asset: assets[0] ?? '' });
		expect(link.status).toBe(303);
		const file = await buyer.open(new URL(link.location).pathname + new URL(link.location).search);
		expect(file.text).toContain('bytes of');
		await buyer.open(url);
		const none = await buyer.submit(path, { asset: assets[1] ?? '' });
		expect(none.status).toBe(409);
		expect(none.text).toContain('All 1 downloads of this licence are used');
	});

	it('reveals no key of another order', async () => {
		const product = await shop.sell({ sku: 'OTHER', delivery: 'digital' });
		await store.call('PUT', `/api/v1/license-policies/${product.id}`, { type: 'perpetual' });
		const { body: license } = await store.call('POST', '/api/v1/licenses', {
			productId: product.id,
			email: 'somebody@example.com',
		});
		await shop.sell({ sku: 'MINE', stock: 1 });
		const { url } = await paidOrder('MINE');
		const buyer = browser();
		await buyer.open(url);
		const answer = await buyer.submit(`${url}/licenses/${license.id}/reveal`, {});
		expect(answer.status).toBe(404);
		expect(answer.text).not.toContain(license.key);
	});

	it('follows the parcel', async () => {
		await shop.sell({ sku: 'PARCEL', stock: 1 });
		const { order, url } = await paidOrder('PARCEL');
		await store.call('POST', `/api/v1/orders/${order.id}/fulfil`);
		const { body: shipment } = await store.call('POST', `/api/v1/orders/${order.id}/shipments`, {
			...{ carrier: 'DHL', trackingNumber: '0034', trackingUrl: 'https://track.example/0034' },
		});
		await store.call('POST', `/api/v1/shipments/${shipment.id}/events`, {
			...{ externalId: 'a', status: 'in_transit', location: 'Leipzig' },
			occurredAt: new Date().toISOString(),
		});
		const { text } = await browser().open(url);
		expect(text).toContain('It is on its way');
		expect(text).toContain('https://track.example/0034');
		expect(text).toContain('Leipzig');
	});

	it('looks again by itself while the payment is being confirmed, and not for ever', async () => {
		await shop.sell({ sku: 'CONFIRM', stock: 2 });
		const { body: order } = await shop.order({ CONFIRM: 1 });
		const url = `/orders/${orderToken(order.id)}`;
		const buyer = browser();
		/** As the browser does, but without the pauses. @returns what each look was, and when */
		const looks = async () => {
			const all: { seconds: number; text: string; next: string | undefined }[] = [];
			let seconds = 0;
			for (let at: string | undefined = `${url}?back=paid`; at !== undefined && all.length < 200;) {
				const { text } = await buyer.open(at);
				const [, pause, next] =
					/http-equiv="refresh" content="(\d+);url=([^"]+)"/.exec(text.replaceAll('&amp;', '&')) ??
					[];
				all.push({ seconds, text, next });
				seconds += Number(pause ?? 0);
				at = next;
			}
			return all;
		};
		const seen = await looks();
		const waits = seen.slice(1).map(({ seconds }, index) => seconds - (seen[index]?.seconds ?? 0));
		expect(seen[0]?.text).toContain('We are confirming your payment');
		expect(waits[0]).toBe(2);
		expect(waits).toEqual(waits.toSorted((a, b) => a - b));
		expect(seen.at(-1)?.seconds).toBeGreaterThanOrEqual(20 * 60);
		expect(seen.length).toBeLessThan(100);
		expect(seen.at(-1)?.text).toContain('Not paid yet');
		const late = seen.findLast(({ seconds }) => seconds <= 10 * 60)?.next ?? '';
		await shop.pay(order.id);
		const paid = await buyer.open(late);
		expect(paid.text).toContain('Thank you, it is paid');
		expect(paid.text).not.toContain('http-equiv="refresh"');
		expect(await looks()).toHaveLength(1);
	});

	it('prints a receipt', async () => {
		await shop.sell({ sku: 'PRINT', amount: 4200, stock: 1 });
		const { order, url } = await paidOrder('PRINT');
		const { text } = await browser().open(`${url}/receipt`);
		expect(text).toContain(`Receipt ${order.number}`);
		expect(text).toContain('€42.00');
	});
});

describe('a lost link', () => {
	const requested = async () =>
		(
			await store.db.query<{ data: { email: string; orders: { orderUrl: string }[] } }>(
				`SELECT data FROM outbox WHERE type = 'order.link_requested' ORDER BY id`,
			)
		).rows.map(({ data }) => data);

	it('is told to the flow that mails it, and never shown to who asks', async () => {
		await shop.sell({ sku: 'LOST', stock: 5 });
		const { url } = await paidOrder('LOST', 'lost@example.com');
		const buyer = browser();
		await buyer.open('/lost-link');
		const [known, unknown] = [
			await buyer.submit('/lost-link', { email: 'lost@example.com' }),
			await buyer.submit('/lost-link', { email: 'nobody@example.com' }),
		];
		expect(known.location).toBe('/lost-link?sent=1');
		expect(unknown.location).toBe(known.location);
		const [told, ...more] = await requested();
		expect(more).toEqual([]);
		expect(told?.email).toBe('lost@example.com');
		expect(told?.orders[0]?.orderUrl).toContain(url);
		expect((await buyer.open('/lost-link?sent=1')).text).not.toContain(url);
	});

	it('is sent again from the page itself', async () => {
		await shop.sell({ sku: 'AGAIN', stock: 5 });
		const { url } = await paidOrder('AGAIN');
		const buyer = browser();
		await buyer.open(url);
		expect((await buyer.submit(`${url}/mail`, {})).location).toBe(`${url}?done=mail`);
		expect((await requested()).at(-1)?.email).toBe('again@example.com');
	});
});

describe('the address of an order that is not paid', () => {
	it('is given on its page, and the total follows', async () => {
		await store.call('POST', '/api/v1/tax-rates', {
			...{ name: 'VAT', country: 'AT', basisPoints: 2000 },
		});
		await shop.sell({ sku: 'E-BOOK', amount: 1000, delivery: 'digital' });
		const { body: order } = await shop.order({ 'E-BOOK': 1 });
		const url = `/orders/${orderToken(order.id)}`;
		const buyer = browser();
		const { text } = await buyer.open(url);
		expect(text).toContain('Billing address');
		const address = { ...SHIP_TO, country: 'AT' };
		expect((await buyer.submit(`${url}/address`, address)).location).toBe(`${url}?done=address`);
		expect((await buyer.open(`${url}?done=address`)).text).toContain('€12.00');
		const { body } = await store.call('GET', `/api/v1/orders/${order.id}`);
		expect(body).toMatchObject({ total: 1200, billingAddress: { country: 'AT', city: 'Berlin' } });
	});

	it('says what is wrong with it, and is not asked for once it is paid', async () => {
		const { body: order } = await shop.order({ 'E-BOOK': 1 });
		const url = `/orders/${orderToken(order.id)}`;
		const buyer = browser();
		await buyer.open(url);
		const wrong = await buyer.submit(`${url}/address`, { ...SHIP_TO, city: '' });
		expect([wrong.status, wrong.text.includes('Please check: City')]).toEqual([409, true]);
		const forged = await browser().submit(`${url}/address`, SHIP_TO);
		expect(forged.status).toBe(403);
		await shop.pay(order.id);
		expect((await buyer.open(url)).text).not.toContain(`${url}/address`);
		const abroad = await buyer.submit(`${url}/address`, { ...SHIP_TO, country: 'AT' });
		expect([abroad.status, abroad.location]).toEqual([409, '']);
		const { body } = await store.call('GET', `/api/v1/orders/${order.id}`);
		expect(body.total).toBe(1000);
	});
});
