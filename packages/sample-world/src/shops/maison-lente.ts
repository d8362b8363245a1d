import { photo } from './pictures.ts';
import { embed, type Shop } from './shop.ts';

const NAME = 'maison-lente';
const PATH = '/collection/lampe-colonne';

const LINKED_DATA = {
	'@context': 'https://schema.org',
	'@graph': [
		{ '@type': 'Organization', name: 'Maison Lente' },
		{
			'@type': ['Product'],
			name: 'Lampe Colonne, hand-blown',
			image: { '@type': 'ImageObject', url: `/shops/${NAME}/colonne.svg` },
			brand: 'Maison Lente',
			offers: {
				'@type': 'AggregateOffer',
				lowPrice: 109,
				highPrice: 129,
				priceCurrency: 'EUR',
				availability: 'LimitedAvailability',
			},
		},
	],
};

const BODY = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lampe Colonne — Maison Lente</title>
<script type="application/ld+json">${embed(LINKED_DATA)}</script>
<style>
*{box-sizing:border-box}body{margin:0;font:18px/1.7 "DejaVu Serif",Georgia,serif;color:#3a2c22;background:#f3ebdf}
header{text-align:center;padding:44px 0 30px;letter-spacing:.12em}header h2{font-weight:400;font-size:30px;margin:0}header p{font-size:12px;text-transform:uppercase;margin:6px 0 0;color:#9a8468;letter-spacing:.3em}
main{display:grid;grid-template-columns:1fr 1fr;max-width:1180px;margin:0 auto 60px;background:#fffaf2;box-shadow:0 20px 60px #c9b59a66}
main img{width:100%;height:100%;object-fit:cover;display:block}.text{padding:56px}h1{font-weight:400;font-size:36px;line-height:1.2;margin:0 0 20px}
.price{font-size:24px;margin:26px 0}.text button{background:none;border:1px solid #3a2c22;padding:14px 40px;font:16px "DejaVu Serif",Georgia,serif;color:#3a2c22}.few{color:#a4552f;font-size:15px;margin-top:20px}
footer{text-align:center;font-size:13px;color:#9a8468;padding-bottom:40px}
</style></head><body><header><h2>Maison Lente</h2><p>objects that take their time</p></header>
<main><img src="/shops/${NAME}/colonne.svg" alt="Lampe Colonne"><div class="text"><h1>Lampe Colonne,<br>hand-blown</h1>
<p>Each column of opal glass is blown by mouth and rests on a foot of smoked oak. It glows for a long evening without a cable.</p>
<div class="price">from €109.00</div><button>Reserve yours</button><p class="few">Only four left this season</p></div></main>
<footer>Maison Lente · by appointment</footer></body></html>`;

/** A server that takes its time; JSON-LD in a graph with an aggregate offer. */
export const maisonLente: Shop = {
	name: NAME,
	title: 'Maison Lente',
	productPath: PATH,
	pages: [
		{ path: PATH, type: 'html', body: BODY, slow: true },
		{
			path: '/colonne.svg',
			type: 'svg',
			body: photo('column', {
				back: '#d8c6ac',
				floor: '#c5ae8e',
				shade: '#7a5a3e',
				dark: '#3f2a1b',
				metal: '#c99f63',
			}),
		},
	],
};
