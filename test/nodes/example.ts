import type { INodeParameters } from 'n8n-workflow';

/** One use of an operation and the call it has to make. */
export interface OperationExample {
	node: string;
	resource: string;
	operation: string;
	parameters: INodeParameters;
	route: string;
	body?: unknown;
	query?: Record<string, string>;
}

/** The value of a resource locator. */
export const chosen = (value: string) => ({ __rl: true, mode: 'id', value });
export const example = (
	node: string,
	resource: string,
	[operation, route]: [string, string],
	parameters: INodeParameters = {},
	sent: { body?: unknown; query?: Record<string, string> } = {},
): OperationExample => ({ node, resource, operation, parameters, route, ...sent });
