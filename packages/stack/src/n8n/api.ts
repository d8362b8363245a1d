import { z } from 'zod';
import { StackError } from '../errors.ts';

/** What this stack and its tests ask of n8n's public API. */
const SCOPES = [
	...['workflow:create', 'workflow:read', 'workflow:update', 'workflow:delete', 'workflow:list'],
	...['workflow:activate', 'workflow:deactivate', 'execution:read', 'execution:list'],
	...[
		'execution:retry',
		'execution:stop',
		'execution:delete',
		'credential:list',
		'credential:read',
	],
	...['credential:create', 'credential:update', 'credential:delete', 'tag:list', 'tag:read'],
];

const TIME_LIMIT_MS = 15_000;

/** n8n's public API with one key. */
export interface N8nApi {
	url: string;
	apiKey: string;
	/** @throws StackError with n8n's own message when the answer is not 2xx, ZodError when it has another shape */
	request<Shape>(
		schema: z.ZodType<Shape>,
		path: string,
		options?: { method?: string; body?: unknown },
	): Promise<Shape>;
}

export function n8nApi(url: string, apiKey: string): N8nApi {
	return {
		...{ url, apiKey },
		async request(schema, path, options = {}) {
			const response = await fetch(`${url}/api/v1${path}`, {
				method: options.method ?? 'GET',
				headers: { 'x-n8n-api-key': apiKey, 'content-type': 'application/json' },
				signal: AbortSignal.timeout(TIME_LIMIT_MS),
				...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
			});
			if (!response.ok)
				throw await failure(response, `n8n refused ${options.method ?? 'GET'} ${path}`);
			return schema.parse(await response.json());
		},
	};
}

/** Whether n8n takes this key. */
export async function acceptsApiKey(url: string, apiKey: string): Promise<boolean> {
	const response = await fetch(`${url}/api/v1/workflows?limit=1`, {
		headers: { 'x-n8n-api-key': apiKey },
		signal: AbortSignal.timeout(TIME_LIMIT_MS),
	});
	await response.body?.cancel();
	return response.ok;
}

const rawKey = z.object({ data: z.object({ rawApiKey: z.string() }) });

/**
 * Makes an API key. n8n gives keys by no other way than a login: neither variable nor command line.
 * @throws StackError when n8n takes neither owner nor password
 */
export async function createApiKey(
	url: string,
	owner: { email: string; password: string },
): Promise<string> {
	const login = await post(`${url}/rest/login`, {
		emailOrLdapLoginId: owner.email,
		password: owner.password,
	});
	if (!login.ok) throw await failure(login, 'n8n refused the owner');
	await login.body?.cancel();
	const cookie = login.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	const created = await post(
		`${url}/rest/api-keys`,
		// A label is unique for its user, and a key that was lost cannot be shown again.
		{ label: `autopilot ${new Date().toISOString()}`, scopes: SCOPES, expiresAt: null },
		cookie,
	);
	if (!created.ok) throw await failure(created, 'n8n made no API key');
	return rawKey.parse(await created.json()).data.rawApiKey;
}

function post(url: string, body: unknown, cookie = ''): Promise<Response> {
	return fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', cookie },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(TIME_LIMIT_MS),
	});
}

async function failure(response: Response, what: string): Promise<StackError> {
	const text = (await response.text()).slice(0, 500);
	return new StackError('provision-failed', `${what}: ${response.status} ${text}`, {
		advice: 'The log of n8n says more: ./autopilot logs n8n',
	});
}
