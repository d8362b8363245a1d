import { photo } from './pictures.ts';
import { embed, type Shop } from './shop.ts';

const NAME = 'private-reserve';
const PATH = '/lots/library-lamp';

const LINKED_DATA = {
	'@context': 'https://schema.org',
	'@type': 'Product',
	name: 'Library lamp, rechargeable',
	offers: {
		'@type': 'Offer',
		price: '74.00',
		priceCurrency: 'EUR',
		availability: 'https://schema.org/InStock',
	},
};

const BODY = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Library lamp | Private Reserve</title>
<script type="application/ld+json">${embed(LINKED_DATA)}</script>
<style>
body{margin:0;background:#171310;color:#eadfcb;font:17px/1.7 "DejaVu Serif",Georgia,serif}header{padding:34px;text-align:center;border-bottom:1px solid #6b5633;letter-spacing:.34em;color:#c8a564;font-size:15px}
main{max-width:1040px;margin:56px auto;display:flex;gap:56px;align-items:center}img{width:440px;border:1px solid #6b5633;padding:14px}h1{font-weight:400;color:#f6ecd8;font-size:34px;margin:0 0 14px}.price{font-size:26px;color:#c8a564}
</style></head><body><header>PRIVATE RESERVE · MEMBERS ONLY</header><main><img src="/shops/${NAME}/library.svg" alt="Library lamp"><div><h1>Library lamp, rechargeable</h1><p>Lot 118. Linen shade, turned brass, cordless.</p><p class="price">€ 74.00</p></div></main></body></html>`;

/** Readable for people, off limits for robots: /robots.txt disallows the whole folder. */
export const privateReserve: Shop = {
	name: NAME,
	title: 'Private Reserve',
	productPath: PATH,
	pages: [
		{ path: PATH, type: 'html', body: BODY },
		{
			path: '/library.svg',
			type: 'svg',
			body: photo('drum', {
				back: '#241d17',
				floor: '#1b1511',
				shade: '#8a7350',
				dark: '#4d3d26',
				metal: '#c8a564',
			}),
		},
	],
};
