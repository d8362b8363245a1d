import type { Service } from '../shared/service.ts';
import { campaign } from './resources/campaign/index.ts';
import { contact } from './resources/contact/index.ts';
import { email } from './resources/email/index.ts';
import { list } from './resources/list/index.ts';
import { suppression } from './resources/suppression/index.ts';
import { template } from './resources/template/index.ts';

/** The marketing suite as its node sees it. */
export const marketingSuite: Service = {
	name: 'Marketing Suite',
	credential: 'autopilotMarketingSuiteApi',
	resources: [campaign, email, contact, list, template, suppression],
};
