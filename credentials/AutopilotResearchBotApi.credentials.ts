import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class AutopilotResearchBotApi implements ICredentialType {
	name = 'autopilotResearchBotApi';

	displayName = 'Autopilot Research Bot API';

	icon = {
		light: 'file:../icons/researchBot.svg',
		dark: 'file:../icons/researchBot.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/autopilot-business/n8n-nodes-autopilot#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://127.0.0.1:4004',
			required: true,
			placeholder: 'e.g. https://research-bot.example.com',
			description: 'Address of the research bot, as n8n reaches it',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Key with the scopes the workflow needs. "./autopilot keys create" makes one.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/api/v1/whoami' },
	};
}
