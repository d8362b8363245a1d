import type { Service } from '../shared/service.ts';
import { scrape } from './resources/scrape/index.ts';

/** The research bot as its node sees it. */
export const researchBot: Service = {
	name: 'Research Bot',
	credential: 'autopilotResearchBotApi',
	resources: [scrape],
};
