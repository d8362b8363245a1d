import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class AutopilotVideoFactoryApi implements ICredentialType {
	name = 'autopilotVideoFactoryApi';

	displayName = 'Autopilot Video Factory API';

	icon = {
		light: 'file:../icons/videoFactory.svg',
		dark: 'file:../icons/videoFactory.dark.svg',
	} as const;

	documentationUrl = 'https://github.com/autopilot-business/n8n-nodes-autopilot#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://127.0.0.1:4003',
			required: true,
			placeholder: 'e.g. https://video-factory.example.com',
			description: 'Address of the video factory, as n8n reaches it',
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
