import { photo } from './pictures.ts';
import { embed, type Shop, stars } from './shop.ts';

const NAME = 'nordhem';
const REVIEWS = [
	[
		'Ingrid S.',
		5,
		'2026-09-14',
		'Warm light, no flicker, and the battery lasted our whole week at the cabin.',
	],
	[
		'Paul W.',
		4,
		'2026-08-30',
		'Beautiful object. The dimmer is a little sensitive, apart from that perfect.',
	],
	[
		'Marta K.',
		5,
		'2026-07-02',
		'Bought one for the balcony and a second one for the bedside table.',
	],
] as const;

/** What search engines read: JSON-LD with an offer, a rating and reviews. */
const LINKED_DATA = {
	'@context': 'https://schema.org',
	'@type': 'Product',
	name: 'Birk cordless table lamp',
	sku: 'NH-2214',
	brand: { '@type': 'Brand', name: 'Nordhem' },
	image: [`/shops/${NAME}/birk.svg`],
	description:
		'Cordless table lamp in oiled ash and powder-coated steel, dimmable, 40 hours of light.',
	offers: {
		'@type': 'Offer',
		price: '99.00',
		priceCurrency: 'EUR',
		availability: 'https://schema.org/InStock',
		url: `/shops/${NAME}/lamps/birk-cordless-table-lamp`,
	},
	aggregateRating: { '@type': 'AggregateRating', ratingValue: '4.7', reviewCount: '213' },
	review: REVIEWS.map(([author, rating, date, text]) => ({
		'@type': 'Review',
		author: { '@type': 'Person', name: author },
		datePublished: date,
		reviewRating: { '@type': 'Rating', ratingValue: String(rating), bestRating: '5' },
		reviewBody: text,
	})),
};

const BODY = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Birk cordless table lamp | Nordhem</title><link rel="canonical" href="/shops/${NAME}/lamps/birk-cordless-table-lamp">
<script type="application/ld+json">${embed(LINKED_DATA)}</script>
<style>
*{box-sizing:border-box}body{margin:0;font:16px/1.6 Inter,"Helvetica Neue",Arial,sans-serif;color:#22302c;background:#fbfaf7}
.bar{background:#22302c;color:#e9efe9;text-align:center;font-size:13px;padding:8px}
header{display:flex;align-items:center;gap:40px;padding:22px 6vw;border-bottom:1px solid #e6e2d8;background:#fff}
.logo{font-size:24px;letter-spacing:.28em;font-weight:600}nav{display:flex;gap:28px;font-size:14px;color:#5d6b65;flex:1}.cart{font-size:14px}
.crumbs{padding:18px 6vw;font-size:13px;color:#8a938e}
main{display:grid;grid-template-columns:1.1fr 1fr;gap:64px;padding:0 6vw 56px;max-width:1360px}
.stage img{width:100%;border-radius:4px;display:block}h1{font-size:38px;line-height:1.15;font-weight:500;margin:8px 0 10px}
.rating{color:#b8863b;font-size:15px}.rating span{color:#7a847f;margin-left:8px}.price{font-size:30px;margin:22px 0 2px}.vat{font-size:13px;color:#8a938e}
.swatch{display:flex;gap:12px;margin:24px 0}.swatch i{width:34px;height:34px;border-radius:50%;border:3px solid #fff;box-shadow:0 0 0 1px #cfd4cf}
button{background:#2f5d4c;color:#fff;border:0;border-radius:3px;padding:17px 0;width:100%;font:600 16px Inter,Arial,sans-serif}
.stock{color:#2f7d5a;font-size:14px;margin:14px 0}.facts{border-top:1px solid #e6e2d8;margin-top:26px;padding:18px 0 0 18px;color:#4d5b55}
.reviews{background:#f1efe8;padding:48px 6vw}.grid{display:grid;grid-template-columns:repeat(3,1fr);gap:28px}.grid article{background:#fff;padding:24px;border-radius:4px;font-size:15px}
.grid b{display:block;margin-top:12px;font-size:13px;color:#7a847f}footer{padding:36px 6vw;font-size:13px;color:#8a938e}
</style></head><body>
<div class="bar">Free delivery from 60 € · 100 days to change your mind</div>
<header><div class="logo">NORDHEM</div><nav><span>Furniture</span><span>Lighting</span><span>Textiles</span><span>Outdoor</span></nav><div class="cart">Basket (0)</div></header>
<div class="crumbs">Home / Lighting / Table lamps / Birk</div>
<main><div class="stage"><img src="/shops/${NAME}/birk.svg" alt="Birk cordless table lamp"></div>
<div><h1>Birk cordless table lamp</h1><div class="rating">★★★★★ <span>4.7 · 213 reviews</span></div>
<div class="price">99,00 €</div><div class="vat">incl. VAT, plus delivery</div>
<div class="swatch"><i style="background:#5b6f63"></i><i style="background:#d9cbb3"></i><i style="background:#24292b"></i></div>
<button>Add to basket</button><div class="stock">● In stock, with you in 2 to 3 days</div>
<ul class="facts"><li>40 hours of light, charges over USB-C</li><li>Three steps of warm white, 2700 K</li><li>Oiled ash and powder-coated steel</li><li>IP44: at home on the terrace</li></ul></div></main>
<section class="reviews"><h2>What customers say</h2><div class="grid">${REVIEWS.map(([author, rating, , text]) => `<article><span class="rating">${stars(rating)}</span><p>${text}</p><b>${author}</b></article>`).join('')}</div></section>
<footer>© Nordhem · Imprint · Privacy · Delivery</footer></body></html>`;

/** JSON-LD, as most shop systems write it. */
export const nordhem: Shop = {
	name: NAME,
	title: 'Nordhem',
	productPath: '/lamps/birk-cordless-table-lamp',
	pages: [
		{ path: '/lamps/birk-cordless-table-lamp', type: 'html', body: BODY },
		{
			path: '/birk.svg',
			type: 'svg',
			body: photo('cone', {
				back: '#e8e6dd',
				floor: '#d6cfbf',
				shade: '#7d9588',
				dark: '#3f554a',
				metal: '#d9b98a',
			}),
		},
	],
};
