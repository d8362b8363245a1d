import { SHOPS } from './shops/index.ts';

/** Body of the store's `POST /api/v1/products`, as far as the sample uses it. */
export type CreateProduct = {
	title: string;
	slug: string;
	description: string;
	status: 'draft' | 'published';
	tags: string[];
	media: Array<{ kind: 'image'; url: string; alt: string }>;
	attributes: {
		brand: string;
		features: string[];
		competitorUrls: string[];
		/** Name of the marketing list that hears of the launch. */
		audience: string;
		/** The page where customers buy it. */
		url: string;
	};
	variants: Array<{
		sku: string;
		title: string;
		/** Minor units and ISO 4217. */
		price: { amount: number; currency: string };
		stock: number;
		delivery?: 'physical' | 'digital';
		options: Record<string, string>;
	}>;
};

/** Path of the sample product's own page in the sample world. */
export const PRODUCT_PATH = '/ember-one';

/** Name of the list that `sampleContacts` belong to, the audience of the launch. */
export const SAMPLE_AUDIENCE = 'Friends of the house';

/**
 * A product ready to be launched: a cordless lamp with three variants, pictures and competitors.
 *
 * @param baseUrl where a sample world listens, e.g. `http://127.0.0.1:4090`
 */
export function sampleProduct(baseUrl: string): CreateProduct {
	const at = (path: string) => new URL(path, baseUrl).href;
	return {
		title: 'Ember One cordless table lamp',
		slug: 'ember-one',
		description:
			'Ember One is a table lamp without a cable. A touch on its brass button brings a soft, warm light to the dinner table, the bedside or the balcony, and a dimmer you can feel takes it from reading light down to candle glow. The spun steel shade keeps the light where you want it and out of your eyes. One charge lasts for two weeks of evenings.',
		status: 'draft',
		tags: ['lighting', 'lamp', 'cordless', 'home'],
		media: [
			{
				kind: 'image',
				url: at('/media/evening.jpg'),
				alt: 'Ember One in forest green on a walnut desk',
			},
			{
				kind: 'image',
				url: at('/media/finishes.jpg'),
				alt: 'Ember One in coral, sand and forest green',
			},
			{
				kind: 'image',
				url: at('/media/night.jpg'),
				alt: 'Ember One in coral at a window at night',
			},
		],
		attributes: {
			brand: 'Holm & Ember',
			features: [
				'Up to 60 hours of light on one charge',
				'Dims by touch from reading light to candle glow',
				'Warm white 2700 K light that never flickers',
				'Spun steel shade and solid brass stem',
				'Charges over USB-C in three hours',
				'Splash proof, at home on the balcony too',
			],
			competitorUrls: SHOPS.map((shop) => at(`/shops/${shop.name}${shop.productPath}`)),
			audience: SAMPLE_AUDIENCE,
			url: at(PRODUCT_PATH),
		},
		variants: [
			{
				sku: 'EMBER-ONE-FOREST',
				title: 'Forest',
				price: { amount: 8900, currency: 'EUR' },
				stock: 120,
				options: { finish: 'Forest' },
			},
			{
				sku: 'EMBER-ONE-CORAL',
				title: 'Coral',
				price: { amount: 8900, currency: 'EUR' },
				stock: 80,
				options: { finish: 'Coral' },
			},
			{
				sku: 'EMBER-ONE-SAND',
				title: 'Sand, limited edition',
				price: { amount: 9900, currency: 'EUR' },
				stock: 25,
				options: { finish: 'Sand' },
			},
		],
	};
}
