/** The business's services: folder under services/, database, and the n8n credential that opens them. */
export const services = [
	{
		name: 'store',
		database: 'store',
		label: 'Store',
		credential: { id: 'apStore', type: 'autopilotStoreApi', name: 'Autopilot Store' },
	},
	{
		name: 'marketing-suite',
		database: 'marketing',
		label: 'Marketing Suite',
		credential: {
			id: 'apMarketing',
			type: 'autopilotMarketingSuiteApi',
			name: 'Autopilot Marketing Suite',
		},
	},
	{
		name: 'video-factory',
		database: 'video',
		label: 'Video Factory',
		credential: {
			id: 'apVideo',
			type: 'autopilotVideoFactoryApi',
			name: 'Autopilot Video Factory',
		},
	},
	{
		name: 'research-bot',
		database: 'research',
		label: 'Research Bot',
		credential: {
			id: 'apResearch',
			type: 'autopilotResearchBotApi',
			name: 'Autopilot Research Bot',
		},
	},
] as const;

export type Service = (typeof services)[number];
export type ServiceName = Service['name'];
export type DatabaseName = Service['database'] | 'n8n';

export const databases: readonly DatabaseName[] = [
	...services.map((service) => service.database),
	'n8n',
];
