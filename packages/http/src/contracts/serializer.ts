import { serializerCompiler as zodSerializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkerOf, MISMATCH } from './checker.ts';

/**
 * Compiles the zod contract of an answer into a function that keeps what the contract names and makes the JSON.
 * It checks shape, types and enums, but no formats or lengths of strings: those were checked when the data came in,
 * and to check them again took five times as long as all the rest of a list's answer. What it refuses, and what
 * JSON Schema can not say (a codec, a date, nothing at all), is left to zod, which also names the fault.
 */
export const serializerCompiler: typeof zodSerializerCompiler = (route) => {
	const byZod = zodSerializerCompiler(route);
	const check = checkerOf(contractOf(route.schema));
	if (check === undefined) return byZod;
	return (data) => {
		const answer = check(data);
		return answer === MISMATCH ? byZod(data) : JSON.stringify(answer);
	};
};

function contractOf(schema: unknown): z.core.JSONSchema.JSONSchema | false {
	const contract = isHolder(schema) ? schema.properties : schema;
	if (!(contract instanceof z.ZodType)) return false;
	try {
		return z.toJSONSchema(contract, { io: 'output', reused: 'inline' });
	} catch {
		// zod throws for what has no JSON Schema.
		return false;
	}
}

// The OpenAPI plugin wraps a contract that has a description so.
function isHolder(schema: unknown): schema is { properties: unknown } {
	return (
		!(schema instanceof z.ZodType) &&
		typeof schema === 'object' &&
		schema !== null &&
		'properties' in schema
	);
}
