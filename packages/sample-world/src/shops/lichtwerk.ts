import { photo } from './pictures.ts';
import { type Shop, stars } from './shop.ts';

const NAME = 'lichtwerk';
const REVIEWS = [
	['Jonas B.', 5, '2026-10-03', 'Sehr schönes Licht und solide verarbeitet.'],
	['Anke T.', 4, '2026-08-11', 'Der Akku hält wie versprochen, das Ladekabel könnte länger sein.'],
] as const;

const review = ([author, rating, date, text]: (typeof REVIEWS)[number]) => `
<div class="review" itemprop="review" itemscope itemtype="https://schema.org/Review">
<span class="stars" itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating"><meta itemprop="ratingValue" content="${rating}">${stars(rating)}</span>
<p itemprop="reviewBody">${text}</p><small><span itemprop="author">${author}</span>, <time itemprop="datePublished" datetime="${date}">${date.split('-').reverse().join('.')}</time></small></div>`;

const BODY = `<!doctype html><html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Akku-Tischleuchte Kugel 22 kaufen | Lichtwerk</title>
<style>
*{box-sizing:border-box}body{margin:0;font:15px/1.55 "DejaVu Sans",Verdana,sans-serif;color:#1b1b1b;background:#fff}
header{background:#f7c600;padding:0 5vw;display:flex;align-items:center;height:86px;gap:36px}.logo{font:800 34px/1 Inter,Arial,sans-serif;letter-spacing:-.04em}
.search{flex:1;background:#fff;border-radius:24px;padding:12px 22px;color:#8b8b8b}header b{font-size:14px}
nav{background:#1b1b1b;color:#fff;padding:12px 5vw;display:flex;gap:30px;font-size:13px}
.crumbs{padding:16px 5vw;color:#777;font-size:12px}
.product{display:grid;grid-template-columns:46% 1fr 300px;gap:36px;padding:0 5vw 40px}
.product img{width:100%;border:1px solid #e4e4e4}h1{font:700 28px/1.2 Inter,Arial,sans-serif;margin:0 0 8px}.stars{color:#e09c00;font-size:17px}
table{border-collapse:collapse;width:100%;margin-top:18px;font-size:13px}td{border-top:1px solid #eee;padding:8px 0}td:first-child{color:#777;width:46%}
.buy{border:2px solid #f7c600;padding:22px;align-self:start}.price{font:800 36px/1 Inter,Arial,sans-serif}.old{color:#999;text-decoration:line-through;font-size:14px;margin-top:8px}
.vat{font-size:12px;color:#777;margin:8px 0 16px}.buy button{width:100%;background:#1b1b1b;color:#fff;border:0;padding:15px;font-weight:700;font-size:15px}
.ok{color:#1d8a3a;font-size:13px;margin-top:14px}.review{border-top:1px solid #e4e4e4;padding:16px 0}.reviews{padding:10px 5vw 50px;max-width:900px}
</style></head><body>
<header><div class="logo">lichtwerk.</div><div class="search">Leuchte suchen …</div><b>Mein Konto</b><b>Warenkorb</b></header>
<nav><span>Innenleuchten</span><span>Außenleuchten</span><span>Akkuleuchten</span><span>Leuchtmittel</span><span>% Sale</span></nav>
<div class="crumbs">Startseite › Akkuleuchten › Tischleuchten › Kugel 22</div>
<div itemscope itemtype="https://schema.org/Product">
<div class="product"><img itemprop="image" src="/shops/${NAME}/kugel.svg" alt="Kugel 22">
<div><h1 itemprop="name">Akku-Tischleuchte Kugel 22</h1>
<div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating"><span class="stars">★★★★☆</span>
<span itemprop="ratingValue" content="4.3">4,3</span> von 5 (<span itemprop="reviewCount">87</span> Bewertungen)</div>
<p itemprop="description">Opalglas auf schwarzem Fuß: gemütliches Licht für Tisch, Balkon und Nachttisch, ganz ohne Kabel.</p>
<table><tr><td>Marke</td><td itemprop="brand">Lichtwerk</td></tr><tr><td>Artikelnummer</td><td itemprop="sku">LW-40922</td></tr><tr><td>Leuchtdauer</td><td>bis 24 Stunden</td></tr><tr><td>Lichtfarbe</td><td>2700 K, dimmbar</td></tr><tr><td>Schutzart</td><td>IP20</td></tr></table></div>
<div class="buy" itemprop="offers" itemscope itemtype="https://schema.org/Offer">
<div class="price"><meta itemprop="priceCurrency" content="EUR"><span itemprop="price" content="84.90">84,90 €</span></div>
<div class="old">UVP 104,90 €</div><div class="vat">inkl. MwSt., versandkostenfrei</div>
<button>In den Warenkorb</button><link itemprop="availability" href="https://schema.org/InStock"><div class="ok">✓ Auf Lager, Lieferung morgen</div></div></div>
<div class="reviews"><h2>Bewertungen</h2>${REVIEWS.map(review).join('')}</div>
</div></body></html>`;

/** Microdata, German, with a crossed-out price beside the one that counts. */
export const lichtwerk: Shop = {
	name: NAME,
	title: 'Lichtwerk',
	productPath: '/p/akku-tischleuchte-kugel-22',
	pages: [
		{ path: '/p/akku-tischleuchte-kugel-22', type: 'html', body: BODY },
		{
			path: '/kugel.svg',
			type: 'svg',
			body: photo('globe', {
				back: '#f4f4f2',
				floor: '#e6e6e2',
				shade: '#4a4a4a',
				dark: '#161616',
				metal: '#9a9a9a',
			}),
		},
	],
};
