import { searchBy } from '../../shared/search.ts';

export const searchCampaigns = searchBy(
	{ name: 'Marketing Suite', credential: 'autopilotMarketingSuiteApi' },
	'/api/campaigns',
	({ name, status }) => `${String(name)} (${String(status)})`,
);
