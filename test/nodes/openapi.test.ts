import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { OPERATIONS, type OperationExample } from './operations.ts';
import { type OpenApi, type OpenApiOperation, openApiOfServices } from './services.ts';

let documents: Record<string, OpenApi>;

beforeAll(async () => {
	documents = await openApiOfServices();
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** The operation of the service that answers `POST /api/v1/products/p1/publish`. */
function operationFor({ node, route }: OperationExample): OpenApiOperation | undefined {
	const [method = '', path = ''] = route.split(' ');
	const paths = documents[node]?.paths ?? {};
	const matching = Object.keys(paths).filter((template) =>
		new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
	);
	// `/video/{task_id}` also matches `/video/voices`: the one with fewer holes is meant
	const [best = ''] = matching.sort((a, b) => a.split('{').length - b.split('{').length);
	return paths[best]?.[method.toLowerCase()];
}

function bodyFaults({ body }: OperationExample, operation: OpenApiOperation | undefined): unknown {
	const schema = operation?.requestBody?.content['application/json']?.schema;
	if (!schema) return body === undefined ? null : 'The service takes no body here';
	if (body === undefined) return operation?.requestBody?.required ? 'A body is needed' : null;
	const properties = Object.keys(Object(schema.properties));
	const unknown = properties.length
		? Object.keys(Object(body)).filter((name) => !properties.includes(name))
		: [];
	if (unknown.length) return `The service does not know ${unknown.join(', ')}`;
	const ids = (_: string, value: unknown): unknown =>
		typeof value === 'string' && /^[a-z]\d$/.test(value)
			? '019a8f3e-7c55-7b21-9a4e-2f6d0c1b8a77'
			: value;
	return ajv.validate(schema, JSON.parse(JSON.stringify(body, ids))) ? null : ajv.errors;
}

describe('every operation of a node is one of its service', () => {
	it.each(OPERATIONS)('$node $resource $operation', (example) => {
		const operation = operationFor(example);
		const names = operation?.parameters?.filter((p) => p.in === 'query').map(({ name }) => name);

		expect(operation).toBeDefined();
		expect(bodyFaults(example, operation)).toBeNull();
		expect(names ?? []).toEqual(expect.arrayContaining(Object.keys(example.query ?? {})));
	});
});
