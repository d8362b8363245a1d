export {
	SAMPLE_ASSET,
	SAMPLE_PLAN,
	SAMPLE_POLICY,
	sampleClub,
	sampleCompanion,
	sampleScenes,
} from './companions.ts';
export { sampleContacts, type SampleContact } from './contacts.ts';
export { type CreateProduct, PRODUCT_PATH, SAMPLE_AUDIENCE, sampleProduct } from './product.ts';
export { SHOPS } from './shops/index.ts';
export type { Page, Shop } from './shops/shop.ts';
export { type SampleWorldOptions, startSampleWorld } from './world.ts';
