import { type CreateProduct, sampleProduct } from './product.ts';
import { embed } from './shops/shop.ts';

const euros = (amount: number) => `${(amount / 100).toFixed(2)} €`;

function linkedData(product: CreateProduct) {
	return {
		'@context': 'https://schema.org',
		'@type': 'Product',
		name: product.title,
		description: product.description,
		brand: { '@type': 'Brand', name: product.attributes.brand },
		image: product.media.map((picture) => picture.url),
		offers: product.variants.map((variant) => ({
			'@type': 'Offer',
			sku: variant.sku,
			price: (variant.price.amount / 100).toFixed(2),
			priceCurrency: variant.price.currency,
			availability: 'https://schema.org/InStock',
		})),
	};
}

/** The page that the campaign's button leads to: the sample product in its own small shop. */
export function productPage(baseUrl: string): string {
	const product = sampleProduct(baseUrl);
	const { brand, features } = product.attributes;
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${product.title} | Holm &amp; Ember</title><script type="application/ld+json">${embed(linkedData(product))}</script>
<style>
*{box-sizing:border-box}body{margin:0;font:17px/1.65 Inter,"Helvetica Neue",Arial,sans-serif;color:#f2e8d9;background:#14211f}
header{display:flex;justify-content:space-between;padding:26px 5vw;font-size:15px;color:#d9b677;letter-spacing:.08em}
main{display:grid;grid-template-columns:1fr 1fr;gap:5vw;padding:0 5vw 5vw;align-items:center}
.hero{width:100%;border-radius:18px;display:block}h1{font-size:clamp(36px,5vw,68px);line-height:1.04;font-weight:600;letter-spacing:-.02em;margin:0 0 22px}
.price{font-size:28px;color:#ffcf87;margin:22px 0}.buy{background:#ffcf87;color:#2a1a06;border:0;border-radius:40px;padding:18px 46px;font:600 17px Inter,Arial,sans-serif}
.finish{display:flex;gap:12px;margin:26px 0;flex-wrap:wrap}.finish span{border:1px solid #4b5d57;border-radius:24px;padding:8px 18px;font-size:14px}
ul{columns:2;gap:40px;padding:40px 5vw;margin:0;background:#1c2d2a;list-style:none}li{padding:12px 0;border-bottom:1px solid #33463f;break-inside:avoid}
.pictures{display:grid;grid-template-columns:1fr 1fr;gap:24px;padding:5vw}.pictures img{width:100%;border-radius:18px}
@media(max-width:760px){main,.pictures{grid-template-columns:1fr}ul{columns:1}}
</style></head><body><header><b>${brand.replace('&', '&amp;')}</b><span>Basket · 0</span></header>
<main><img class="hero" src="/media/evening.jpg" alt="${product.media[0]?.alt ?? ''}"><div><h1>${product.title}</h1><p>${product.description}</p>
<div class="price">from ${euros(Math.min(...product.variants.map((variant) => variant.price.amount)))}</div>
<div class="finish">${product.variants.map((variant) => `<span>${variant.title}</span>`).join('')}</div><button class="buy">Add to basket</button></div></main>
<ul>${features.map((feature) => `<li>${feature}</li>`).join('')}</ul>
<section class="pictures">${product.media
		.slice(1)
		.map((picture) => `<img src="${new URL(picture.url).pathname}" alt="${picture.alt}">`)
		.join('')}</section></body></html>`;
}
