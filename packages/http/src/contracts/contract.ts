import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { checkerOf, MISMATCH } from './checker.ts';

/**
 * Compiles a contract for answers that are put together of parts: the returned function checks one part and makes its
 * JSON. See `serializer.ts` for what is checked.
 * @throws for a schema that JSON Schema can not say
 */
export function compileContract<Schema extends z.ZodType>(
	schema: Schema,
): (value: z.input<Schema>) => string {
	const check = checkerOf(z.toJSONSchema(schema, { io: 'output', reused: 'inline' }));
	if (check === undefined) throw new Error('This contract can not be compiled.');
	return (value) => {
		const answer = check(value);
		// zod names what is wrong.
		return JSON.stringify(answer === MISMATCH ? schema.parse(value) : answer);
	};
}

/** Sends what is JSON already. Its type is "never", for the route's contract was kept when the JSON was made. */
export function sendJson(reply: FastifyReply, json: string): never {
	// Fastify takes the reply itself for "already sent"; its types ask for the body.
	return reply
		.header('content-type', 'application/json; charset=utf-8')
		.serializer(String)
		.send(json) as never;
}
