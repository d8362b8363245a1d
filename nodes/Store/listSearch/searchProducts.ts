import { searchBy } from '../../shared/search.ts';

/** Products by full-text search, newest first. */
export const searchProducts = searchBy(
	{ name: 'Store', credential: 'autopilotStoreApi' },
	'/api/v1/products',
	({ title, status }) => `${String(title)} (${String(status)})`,
);
