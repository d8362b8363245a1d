import { optionsOf } from '../../shared/search.ts';

export const getLists = optionsOf(
	{ name: 'Marketing Suite', credential: 'autopilotMarketingSuiteApi' },
	'/api/lists',
	({ name }) => String(name),
);
