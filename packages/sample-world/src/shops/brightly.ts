import { photo } from './pictures.ts';
import { embed, type Shop } from './shop.ts';

const NAME = 'brightly';
const PATH = '/products/glow-to-go';

/** What the page's own framework left in the HTML for its start in the browser. */
const STATE = {
	props: {
		pageProps: {
			product: {
				id: 'gtg-01',
				title: 'Glow To Go',
				price: { amount: 7995, currency: 'EUR', formatted: '€79.95' },
				stock: { status: 'in_stock', quantity: 412 },
				rating: { average: 4.1, count: 1290 },
				images: [`/shops/${NAME}/glow-to-go.svg`],
			},
		},
	},
	page: '/products/[slug]',
	buildId: 'b7c1e',
};

const BODY = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Glow To Go – the light that comes along | brightly</title>
<meta property="og:type" content="product"><meta property="og:title" content="Glow To Go">
<meta property="og:image" content="/shops/${NAME}/glow-to-go.svg"><meta property="og:site_name" content="brightly">
<meta property="product:price:amount" content="79.95"><meta property="product:price:currency" content="EUR">
<meta property="product:availability" content="in stock">
<style>
*{box-sizing:border-box}body{margin:0;font:17px/1.5 "Inter Display",Inter,Arial,sans-serif;color:#2b1140;background:#fff4fb}
header{display:flex;justify-content:space-between;align-items:center;padding:24px 5vw}.logo{font-weight:900;font-size:32px;color:#e6007e}.pill{background:#2b1140;color:#fff;border-radius:30px;padding:10px 22px;font-size:14px;font-weight:600}
.hero{margin:0 5vw;border-radius:36px;background:linear-gradient(120deg,#ffd1ec,#ffe8b8);display:grid;grid-template-columns:1fr 1fr;align-items:center;overflow:hidden}
.hero img{width:100%;display:block}.copy{padding:48px}h1{font-size:64px;line-height:1;font-weight:900;margin:14px 0;letter-spacing:-.03em}
.tag{display:inline-block;background:#e6007e;color:#fff;font-weight:700;font-size:13px;border-radius:20px;padding:6px 14px}
.price{font-size:40px;font-weight:800;margin:18px 0}.cta{background:#e6007e;color:#fff;border:0;border-radius:40px;font:700 18px Inter,Arial,sans-serif;padding:20px 44px}
.row{display:grid;grid-template-columns:repeat(4,1fr);gap:20px;padding:28px 5vw 130px}.row div{background:#fff;border-radius:24px;padding:24px;font-weight:600;font-size:16px}.row small{display:block;font-weight:400;color:#7a6788;margin-top:6px}
.consent{position:fixed;left:5vw;right:5vw;bottom:20px;background:#2b1140;color:#fff;border-radius:22px;padding:20px 28px;display:flex;gap:20px;align-items:center;font-size:14px}.consent b{margin-left:auto;background:#ffd84d;color:#2b1140;border-radius:20px;padding:10px 22px;white-space:nowrap}
</style></head><body>
<header><div class="logo">brightly</div><div class="pill">Bag · 0</div></header>
<section class="hero"><div class="copy"><span class="tag">Bestseller</span><h1>Glow<br>To Go</h1><p>The pocket-friendly lantern for picnics, power cuts and pillow forts.</p>
<div class="price">€79.95</div><button class="cta">Pop it in my bag</button><p>★★★★☆ 4.1 from 1,290 happy people</p></div>
<img src="/shops/${NAME}/glow-to-go.svg" alt="Glow To Go"></section>
<section class="row"><div>18 h battery<small>USB-C, full in 2 h</small></div><div>Splash proof<small>IP54</small></div><div>7 colours<small>and one warm white</small></div><div>2 year warranty<small>no questions</small></div></section>
<div class="consent">We use cookies to make brightly brighter. <b>Fine by me</b></div>
<script id="__NEXT_DATA__" type="application/json">${embed(STATE)}</script></body></html>`;

/** OpenGraph and the framework's embedded state; a cookie banner over the foot of the page. */
export const brightly: Shop = {
	name: NAME,
	title: 'brightly',
	productPath: PATH,
	pages: [
		{ path: PATH, type: 'html', body: BODY },
		{
			path: '/glow-to-go.svg',
			type: 'svg',
			body: photo('lantern', {
				back: '#ffe0c9',
				floor: '#ffcfa8',
				shade: '#f0489f',
				dark: '#a80f60',
				metal: '#ffd0e8',
			}),
		},
	],
};
