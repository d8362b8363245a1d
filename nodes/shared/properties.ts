import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

import { commandOptions, paging, readOptions, waitFields } from './fields.ts';
import type { Operation, Resource, Service } from './service.ts';

const byName = (a: INodePropertyOptions, b: INodePropertyOptions): number =>
	a.name.localeCompare(b.name);

const firstOf = (entries: readonly { value: string }[]): string => entries[0]?.value ?? '';

function fieldsOf(operation: Operation): INodeProperties[] {
	return [
		...operation.fields,
		...(operation.answer === 'pages' ? paging : []),
		...(operation.job ? waitFields : []),
		operation.reads ? readOptions : commandOptions,
	];
}

function operationSelector(resource: Resource): INodeProperties {
	const options = resource.operations
		.map(({ name, value, action, description }) => ({ name, value, action, description }))
		.sort(byName);
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource.value] } },
		options,
		default: firstOf(resource.operations),
	};
}

/** The parameters of a service's node: resource, operation, and the fields of each operation. */
export function propertiesOf(service: Service): INodeProperties[] {
	const resources = service.resources.map(({ name, value }) => ({ name, value })).sort(byName);
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources,
			default: firstOf(service.resources),
		},
		...service.resources.map(operationSelector),
		...service.resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				updateDisplayOptions(
					{ show: { resource: [resource.value], operation: [operation.value] } },
					fieldsOf(operation),
				),
			),
		),
	];
}

/** The operation a node is set to. */
export function findOperation(
	service: Service,
	resource: string,
	operation: string,
): Operation | undefined {
	return service.resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
}
