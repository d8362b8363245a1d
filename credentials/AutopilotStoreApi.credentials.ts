import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

export class AutopilotStoreApi implements ICredentialType {
	name = 'autopilotStoreApi';

	displayName = 'Autopilot Store API';

	icon = { light: 'file:../icons/store.svg', dark: 'file:../icons/store.dark.svg' } as const;

	documentationUrl = 'https://github.com/autopilot-business/n8n-nodes-autopilot#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://127.0.0.1:4001',
			required: true,
			placeholder: 'e.g. https://store.example.com',
			description: 'Address of the store, as n8n reaches it',
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
