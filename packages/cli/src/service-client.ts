import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommandError } from './exit.ts';

/** One service's HTTP API with one key. */
export interface ServiceClient {
	url: string;
	/** @throws CommandError with the service's own problem when the answer is not 2xx */
	get<Shape>(schema: z.ZodType<Shape>, path: string): Promise<Shape>;
	post<Shape>(schema: z.ZodType<Shape>, path: string, body: unknown): Promise<Shape>;
	put<Shape>(schema: z.ZodType<Shape>, path: string, body: unknown): Promise<Shape>;
}

const TIME_LIMIT_MS = 15_000;

/** RFC 9457, as far as it is shown. */
const problem = z.object({
	title: z.string(),
	detail: z.string().optional(),
	errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

export function serviceClient(url: string, apiKey: string): ServiceClient {
	const send = async (path: string, init: RequestInit): Promise<unknown> => {
		const response = await fetch(url + path, {
			...init,
			headers: { authorization: `Bearer ${apiKey}`, ...init.headers },
			signal: AbortSignal.timeout(TIME_LIMIT_MS),
		});
		const body: unknown = await response.json();
		if (response.ok) return body;
		throw refusal(`${init.method ?? 'GET'} ${url}${path}`, response.status, body);
	};
	const sendBody = (method: 'POST' | 'PUT', path: string, body: unknown) =>
		send(path, {
			method,
			headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
			body: JSON.stringify(body),
		});
	return {
		url,
		get: async (schema, path) => schema.parse(await send(path, {})),
		post: async (schema, path, body) => schema.parse(await sendBody('POST', path, body)),
		put: async (schema, path, body) => schema.parse(await sendBody('PUT', path, body)),
	};
}

function refusal(request: string, status: number, body: unknown): CommandError {
	const told = problem.safeParse(body).data;
	const errors = (told?.errors ?? []).map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
	return new CommandError(`${request} was answered with ${status} ${told?.title ?? ''}`, {
		advice: `${told?.detail ?? 'The log of the service says more.'}${errors.join('')}`,
	});
}
