import { photo } from './pictures.ts';
import type { Shop } from './shop.ts';

const NAME = 'voltaic';
const PATH = '/item/arc-mini';
const API = '/api/items/arc-mini';

const ITEM = {
	sku: 'VLT-ARC-M',
	name: 'Arc Mini rechargeable lamp',
	tagline: 'Bends light, not rules.',
	price: 94.5,
	currency: 'EUR',
	available: true,
	rating: 4.5,
	reviews: 58,
	image: `/shops/${NAME}/arc-mini.svg`,
	specs: [
		'2,200 mAh cell, 30 h at 20 %',
		'CRI 95, 2200 to 4000 K',
		'Aluminium, 680 g',
		'Repairable: every part for sale',
	],
};

const BODY = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>VOLTAIC</title>
<style>
*{box-sizing:border-box}body{margin:0;background:#0b0d12;color:#e8ecf5;font:16px/1.6 Inter,Arial,sans-serif;min-height:100vh}
header{display:flex;justify-content:space-between;padding:28px 6vw;font-size:13px;letter-spacing:.2em;text-transform:uppercase}header b{color:#7cf3d0}
#app{padding:10px 6vw 60px}.load{color:#596277;padding:80px 0;text-align:center}
.item{display:grid;grid-template-columns:1.15fr 1fr;gap:6vw;align-items:center}.item img{width:100%;border-radius:14px}
h1{font-size:54px;line-height:1.05;margin:0 0 12px;font-weight:600;letter-spacing:-.02em}.tagline{color:#7cf3d0;font-size:18px}
.price{font:600 40px/1 "DejaVu Sans Mono",monospace;margin:32px 0 24px}.buy{background:#7cf3d0;color:#06231b;border:0;border-radius:8px;padding:18px 48px;font:700 16px Inter,Arial,sans-serif}
.availability{display:inline-block;margin-left:20px;color:#96a0b5;font-size:14px}ul{list-style:none;padding:0;margin:36px 0 0}li{border-top:1px solid #1e2430;padding:12px 0;color:#b5bed0;font-size:15px}
</style></head><body><header><b>Voltaic</b><span>Lights · Parts · Journal</span><span>Cart 0</span></header>
<div id="app"><p class="load">Charging…</p></div>
<noscript>Voltaic needs JavaScript.</noscript>
<script>
fetch('/shops/${NAME}${API}').then((answer) => answer.json()).then((item) => {
	document.title = item.name + ' · VOLTAIC';
	const price = new Intl.NumberFormat('en-IE', { style: 'currency', currency: item.currency }).format(item.price);
	const app = document.getElementById('app');
	app.innerHTML = '<div class="item"><img alt=""><div><p class="tagline"></p><h1 class="product-title"></h1>' +
		'<div class="price" data-testid="price"></div><button class="buy">Add to cart</button><span class="availability"></span><ul></ul></div></div>';
	app.querySelector('img').src = item.image;
	app.querySelector('img').alt = item.name;
	app.querySelector('h1').textContent = item.name;
	app.querySelector('.tagline').textContent = item.tagline;
	app.querySelector('.price').textContent = price;
	app.querySelector('.availability').textContent = item.available ? 'In stock' : 'Sold out';
	for (const spec of item.specs) app.querySelector('ul').appendChild(document.createElement('li')).textContent = spec;
});
</script></body></html>`;

/** An empty shell: name and price arrive by script from the shop's API, so only a browser sees them. */
export const voltaic: Shop = {
	name: NAME,
	title: 'Voltaic',
	productPath: PATH,
	pages: [
		{ path: PATH, type: 'html', body: BODY },
		{ path: API, type: 'json', body: JSON.stringify(ITEM) },
		{
			path: '/arc-mini.svg',
			type: 'svg',
			body: photo('arc', {
				back: '#151a24',
				floor: '#0f131b',
				shade: '#3c465c',
				dark: '#171c28',
				metal: '#aab6cc',
			}),
		},
	],
};
