import type { INodeProperties, NodeHint } from 'n8n-workflow';

/** "Return All" and "Limit", for operations that read a list page by page. */
export const paging: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

const correlationId: INodeProperties = {
	displayName: 'Correlation ID',
	name: 'correlationId',
	type: 'string',
	default: '',
	description:
		'Found again in the logs, events and jobs of the services. Default: the execution ID.',
};

/** Options of operations that only read. */
export const readOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [correlationId],
};

/** Options of operations that change something. */
export const commandOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		correlationId,
		{
			displayName: 'Idempotency Key',
			name: 'idempotencyKey',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-1042-video',
			description:
				'The same key never does the work twice: it gives the first answer again for 24 hours. Default: execution, node, run and item. Set a business key such as an order ID to be safe across executions; it has to differ per item.',
		},
	],
};

/** How a node waits for work that takes long. */
export const waitFields: INodeProperties[] = [
	{
		displayName: 'Wait for Completion',
		name: 'waitForCompletion',
		type: 'options',
		noDataExpression: true,
		default: 'resumeUrl',
		description: 'Whether the execution goes on when the work has started or when it has ended',
		options: [
			{
				name: 'Do Not Wait',
				value: 'none',
				description: 'Output the job as it was queued',
			},
			{
				name: 'Poll',
				value: 'poll',
				description: 'Ask again and again; for services that cannot reach n8n',
			},
			{
				name: 'Resume URL',
				value: 'resumeUrl',
				description:
					'The service wakes the execution when the work has ended; nothing runs meanwhile. As a tool of an AI agent the node polls.',
			},
		],
	},
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		default: 5,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { waitForCompletion: ['poll'] } },
	},
	{
		displayName: 'Time Limit (Minutes)',
		name: 'pollTimeLimit',
		type: 'number',
		default: 30,
		typeOptions: { minValue: 1 },
		description: 'The item fails when the work takes longer. The work itself goes on.',
		displayOptions: { show: { waitForCompletion: ['poll'] } },
	},
];

/** Waiting is silent, so it is said beforehand what has to be in place for it to end. */
export const waitHint: NodeHint = {
	message:
		'The execution sleeps until the service calls back. The service has to reach n8n at its webhook URL; where it cannot, choose "Poll".',
	type: 'info',
	location: 'ndv',
	whenToDisplay: 'beforeExecution',
	displayCondition: '={{ $parameter["waitForCompletion"] === "resumeUrl" }}',
};

/** Name of the binary property that a download is put into. */
export const binaryOutput: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	hint: 'The name of the output binary field to put the file in',
};

/** Name of the binary property that is uploaded. */
export const binaryInput: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	hint: 'The name of the input binary field that contains the file to upload',
};

/** A resource locator with search, ID and, where the service takes it, slug. */
export function locator(of: {
	label: string;
	name: string;
	search: string;
	description: string;
	slug?: true;
}): INodeProperties {
	const placeholder = 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77';
	return {
		displayName: of.label,
		name: of.name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: of.description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select a ${of.label.toLowerCase()}...`,
				typeOptions: { searchListMethod: of.search, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
			...(of.slug
				? [
						{
							displayName: 'By Slug',
							name: 'slug',
							type: 'string' as const,
							placeholder: 'e.g. solar-lantern',
						},
					]
				: []),
		],
	};
}

/** A plain required ID, for things that cannot be listed by name. */
export function idField(label: string, name: string, description: string): INodeProperties {
	return {
		displayName: label,
		name,
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77',
		description,
	};
}
