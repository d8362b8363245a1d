import { searchBy } from '../../shared/search.ts';

export const searchTemplates = searchBy(
	{ name: 'Marketing Suite', credential: 'autopilotMarketingSuiteApi' },
	'/api/templates',
	({ name }) => String(name),
);
