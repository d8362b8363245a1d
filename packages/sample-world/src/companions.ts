import type { CreateProduct } from './product.ts';

/** Body of the store's `PUT /api/v1/license-policies/{productId}` for the companion: three devices, for good. */
export const SAMPLE_POLICY = {
	type: 'perpetual',
	maxDevices: 3,
	maxDownloads: 20,
	entitlements: ['scenes', 'export'],
	permissions: { download: true, commercialUse: false, redistribution: false, modification: true },
};

/** Body of the store's `POST /api/v1/plans`, without the variant it is for. */
export const SAMPLE_PLAN = { name: 'Ember Club', interval: 'month', graceDays: 7, tier: 'club' };

/** What a buyer of the companion downloads. */
export const SAMPLE_ASSET = { fileName: 'ember-scenes.json', version: '1.0' };

/** The digital companion of the sample product: licence key and file, delivered at once. */
export function sampleCompanion(baseUrl: string): CreateProduct {
	return {
		title: 'Ember Scenes',
		slug: 'ember-scenes',
		description:
			'Twelve evenings for your Ember One, ready to load: from reading light that fades with the hour to a candle that never burns down.\n\nOne licence covers three devices, and it never ends.',
		status: 'published',
		tags: ['lighting', 'digital'],
		media: [
			{
				kind: 'image',
				url: new URL('/media/night.jpg', baseUrl).href,
				alt: 'Ember One at a window at night',
			},
		],
		attributes: {
			brand: 'Holm & Ember',
			features: ['Twelve scenes, more each season', 'Works offline', 'For three devices'],
			competitorUrls: [],
			audience: '',
			url: new URL('/ember-one', baseUrl).href,
		},
		variants: [
			{
				sku: 'EMBER-SCENES',
				title: 'Ember Scenes',
				price: { amount: 1900, currency: 'EUR' },
				stock: 0,
				delivery: 'digital',
				options: {},
			},
		],
	};
}

/** A membership that renews each month: see SAMPLE_PLAN. */
export function sampleClub(baseUrl: string): CreateProduct {
	return {
		title: 'Ember Club',
		slug: 'ember-club',
		description:
			'A new scene each month, early editions of our lamps, and repairs at cost. Leave whenever you like.',
		status: 'published',
		tags: ['membership', 'digital'],
		media: [
			{
				kind: 'image',
				url: new URL('/media/finishes.jpg', baseUrl).href,
				alt: 'Ember One in coral, sand and forest green',
			},
		],
		attributes: {
			brand: 'Holm & Ember',
			features: ['One new scene each month', 'Early editions first', 'Repairs at cost'],
			competitorUrls: [],
			audience: '',
			url: new URL('/ember-one', baseUrl).href,
		},
		variants: [
			{
				sku: 'EMBER-CLUB',
				title: 'Ember Club',
				price: { amount: 490, currency: 'EUR' },
				stock: 0,
				delivery: 'digital',
				options: {},
			},
		],
	};
}

const SCENES = ['Reading', 'Dinner', 'Candle', 'Sunset', 'First snow', 'Balcony'];

/** The companion's file: scenes as the lamp takes them. */
export function sampleScenes(): string {
	return JSON.stringify(
		SCENES.map((name, index) => ({
			name,
			kelvin: 2700 - index * 120,
			steps: Array.from({ length: 48 }, (_, step) => ({
				minute: step * 15,
				level: Math.round(50 + 45 * Math.cos((step + index * 4) / 8)),
			})),
		})),
		null,
		'\t',
	);
}
