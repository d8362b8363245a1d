import { z } from 'zod';
import { DeployError, messageOf } from '../errors.ts';

const TIME_LIMIT_MS = 60_000;
/** n8n answers 503 while it starts, and proxies in front of it 502 and 504. Such requests have changed nothing. */
const RETRIED = new Set([429, 502, 503, 504]);
const TRIES = 4;
const TRIES_OF_DELETE = 10;
const LONGEST_PAUSE_MS = 2_000;

interface RequestOptions {
	method?: string;
	/** JSON, or a form with files. */
	body?: unknown;
}

/** One of n8n's HTTP APIs with what opens it. */
export interface N8nRequests {
	/** @throws DeployError with n8n's own message when the answer is not 2xx, ZodError when it has another shape */
	request<Shape>(schema: z.ZodType<Shape>, path: string, options?: RequestOptions): Promise<Shape>;
}

/** n8n's public API with one key. */
export interface N8nApi extends N8nRequests {
	url: string;
	apiKey: string;
	/** By n8n's clock, as its last answer told it; ms since 1970. Machines that share a lock do not share a clock. */
	now(): number;
}

/** A session of the owner in n8n's own REST API, for what the public API does not offer. */
export type OwnerSession = N8nRequests;

export function n8nApi(url: string, apiKey: string): N8nApi {
	let ahead = 0;
	return {
		...{ url, apiKey },
		now: () => Date.now() + ahead,
		async request(schema, path, options = {}) {
			const headers = { 'x-n8n-api-key': apiKey };
			const response = await send(`${url}/api/v1${path}`, { ...options, headers });
			const told = Date.parse(response.headers.get('date') ?? '');
			if (!Number.isNaN(told)) ahead = told - Date.now();
			if (!response.ok) throw await refusal(response, `${options.method ?? 'GET'} ${path}`);
			return schema.parse(response.status === 204 ? undefined : await response.json());
		},
	};
}

/** @throws DeployError when n8n takes neither owner nor password */
export async function logIn(
	url: string,
	owner: { email: string; password: string },
): Promise<OwnerSession> {
	const login = await send(`${url}/rest/login`, {
		method: 'POST',
		body: { emailOrLdapLoginId: owner.email, password: owner.password },
	});
	if (!login.ok) throw await refusal(login, 'the login of the owner');
	await login.body?.cancel();
	const cookie = login.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	return {
		async request(schema, path, options = {}) {
			const response = await send(`${url}/rest${path}`, { ...options, headers: { cookie } });
			if (!response.ok) throw await refusal(response, `${options.method ?? 'GET'} ${path}`);
			return z.object({ data: schema }).parse(await response.json()).data;
		},
	};
}

async function send(
	url: string,
	options: RequestOptions & { headers?: Record<string, string> },
): Promise<Response> {
	const { method = 'GET', body } = options;
	const isForm = body instanceof FormData;
	for (let attempt = 1; ; attempt += 1) {
		try {
			const response = await fetch(url, {
				method,
				headers: { ...(isForm ? {} : { 'content-type': 'application/json' }), ...options.headers },
				signal: AbortSignal.timeout(TIME_LIMIT_MS),
				...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
			});
			if (attempt >= triesOf(response, method)) return response;
			await response.body?.cancel();
		} catch (cause) {
			if (attempt === TRIES || !neverArrived(cause)) throw unreachable(url, cause);
		}
		await new Promise((resolve) =>
			setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt)),
		);
	}
}

/** How often a request is sent that was answered like this. */
function triesOf({ status }: Response, method: string): number {
	// n8n deletes nothing that it is still unpublishing, which takes seconds, and says 409 until that is done.
	if (method === 'DELETE' && status === 409) return TRIES_OF_DELETE;
	return RETRIED.has(status) ? TRIES : 1;
}

/** Only a refused connection is known to have changed nothing. */
function neverArrived(error: unknown): boolean {
	if (typeof error !== 'object' || error === null) return false;
	if ('code' in error && error.code === 'ECONNREFUSED') return true;
	return 'cause' in error && neverArrived(error.cause);
}

function unreachable(url: string, cause: unknown): DeployError {
	const { origin } = new URL(url);
	return new DeployError('instance', `n8n at ${origin} did not answer: ${messageOf(cause)}`, {
		advice: 'Is it running, and is the URL of the environment right?',
		cause,
	});
}

const problem = z.looseObject({ message: z.string() });

async function refusal(response: Response, what: string): Promise<DeployError> {
	const text = await response.text();
	const told = problem.safeParse(parsed(text)).data?.message ?? text.slice(0, 500);
	if (response.status === 401 || response.status === 403) {
		return new DeployError('key', `n8n does not allow ${what}: ${response.status} ${told}`, {
			advice: `The API key needs the scopes ${DEPLOY_SCOPES.join(', ')}.`,
		});
	}
	return new DeployError('instance', `n8n refused ${what}: ${response.status} ${told}`, {
		advice: 'The log of n8n says more; of your own stack: ./autopilot logs n8n',
	});
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		return error instanceof SyntaxError ? undefined : error;
	}
}

/** What a deployment asks of n8n's public API. */
export const DEPLOY_SCOPES = [
	...['workflow:create', 'workflow:read', 'workflow:update', 'workflow:delete', 'workflow:list'],
	...['workflow:import', 'workflow:activate', 'workflow:deactivate', 'credential:list'],
	...['dataTable:create', 'dataTable:list', 'dataTableRow:create', 'dataTableRow:read'],
	...['dataTableRow:update', 'dataTableRow:delete', 'dataTableRow:upsert'],
];
