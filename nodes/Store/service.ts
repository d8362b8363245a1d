import type { Service } from '../shared/service.ts';
import { customer } from './resources/customer/index.ts';
import { product } from './resources/product/index.ts';
import { variant } from './resources/variant/index.ts';

/** The store as its node sees it. */
export const store: Service = {
	name: 'Store',
	credential: 'autopilotStoreApi',
	resources: [product, variant, customer],
};
