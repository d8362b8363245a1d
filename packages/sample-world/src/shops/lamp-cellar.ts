import type { Shop } from './shop.ts';

const NAME = 'lamp-cellar';

const FAILURE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>500 Internal Server Error</title>
<style>body{font:16px/1.5 "DejaVu Sans",Arial,sans-serif;background:#f2f2f2;color:#333;display:grid;place-items:center;min-height:100vh;margin:0}div{background:#fff;border-top:6px solid #c0392b;padding:40px 56px;max-width:620px}h1{margin:0 0 10px;font-size:26px}code{color:#888;font-size:13px}</style>
</head><body><div><h1>The Lamp Cellar is having a bad day</h1><p>Something went wrong on our side. Please try again later.</p><code>SQLSTATE[HY000] [2002] Connection refused</code></div></body></html>`;

// Cut off in mid-tag, two heads, unclosed and misnested elements, JSON-LD with a trailing comma and
// raw line break: each of them seen in the wild. The price is still there for whoever reads on.
const MALFORMED = `<html><head><title>Heron lamp &mdash Lamp Cellar</title><head><meta charset=utf-8>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Heron
lamp","offers":{"@type":"Offer","price":"68,00","priceCurrency":"EUR",},}</script>
<style>body{font:16px Arial;background:#efe7d8;margin:30px}h1{color:#7a3b10}.price{font-size:28px;color:#b00}</style>
<body><table><div class=box><h1>Heron lamp<p><b><i>Cellar price:</b> <span class="price">EUR 68,00</i></span>
<p>In stock <a href=/basket>Buy<ul><li>Brass<li>40 W<p><img src="heron.jpg" alt="Heron><div class="foot`;

/** Broken: one page fails with 500, the other is HTML that no validator would take. */
export const lampCellar: Shop = {
	name: NAME,
	title: 'The Lamp Cellar',
	productPath: '/lamps/stork',
	pages: [
		{ path: '/lamps/stork', type: 'html', body: FAILURE, status: 500 },
		{ path: '/lamps/heron', type: 'html', body: MALFORMED },
	],
};
