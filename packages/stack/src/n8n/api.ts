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
			const headers = { 'x-n8n-api-key': apiKey };
			const response = await send(`${url}/api/v1${path}`, { ...options, headers });
			if (!response.ok)
				throw await failure(response, `n8n refused ${options.method ?? 'GET'} ${path}`);
			return schema.parse(await response.json());
		},
	};
}

/** Whether n8n takes this key. */
export async function acceptsApiKey(url: string, apiKey: string): Promise<boolean> {
	const headers = { 'x-n8n-api-key': apiKey };
	const response = await send(`${url}/api/v1/workflows?limit=1`, { headers });
	await response.body?.cancel();
	return response.ok;
}

/** A session of the owner in n8n's own REST API, for what the public API does not offer. */
export interface OwnerSession {
	request<Shape>(
		schema: z.ZodType<Shape>,
		path: string,
		options?: { method?: string; body?: unknown },
	): Promise<Shape>;
}

/** @throws StackError when n8n takes neither owner nor password */
export async function logIn(
	url: string,
	owner: { email: string; password: string },
): Promise<OwnerSession> {
	const login = await send(`${url}/rest/login`, {
		method: 'POST',
		body: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
	if (!login.ok) throw await failure(login, 'n8n refused the owner');
	await login.body?.cancel();
	const cookie = login.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	return {
		async request(schema, path, options = {}) {
			const response = await send(`${url}/rest${path}`, { ...options, headers: { cookie } });
			if (!response.ok)
				throw await failure(response, `n8n refused ${options.method ?? 'GET'} ${path}`);
			return z.object({ data: schema }).parse(await response.json()).data;
		},
	};
}

/** Makes an API key. n8n gives keys by no other way than a login: neither variable nor command line. */
export async function createApiKey(session: OwnerSession): Promise<string> {
	const { rawApiKey } = await session.request(
		z.looseObject({ rawApiKey: z.string() }),
		'/api-keys',
		{
			method: 'POST',
			// A label is unique for its user, and a key that was lost cannot be shown again.
			body: { label: `autopilot ${new Date().toISOString()}`, scopes: SCOPES, expiresAt: null },
		},
	);
	return rawApiKey;
}

function send(
	url: string,
	options: { method?: string; body?: unknown; headers?: Record<string, string> },
): Promise<Response> {
	return fetch(url, {
		method: options.method ?? 'GET',
		headers: { 'content-type': 'application/json', ...options.headers },
		signal: AbortSignal.timeout(TIME_LIMIT_MS),
		...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
	});
}

async function failure(response: Response, what: string): Promise<StackError> {
	const text = (await response.text()).slice(0, 500);
	return new StackError('provision-failed', `${what}: ${response.status} ${text}`, {
		advice: 'The log of n8n says more: ./autopilot logs n8n',
	});
}
