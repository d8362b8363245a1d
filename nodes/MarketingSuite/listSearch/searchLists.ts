import { searchBy } from '../../shared/search.ts';

export const searchLists = searchBy(
	{ name: 'Marketing Suite', credential: 'autopilotMarketingSuiteApi' },
	'/api/lists',
	({ name }) => String(name),
);
