import { CommandError } from '../exit.ts';
import { z } from 'zod';

const TIME_LIMIT_MS = 60_000;

/**
 * What a running n8n tells its editor about node and credential types. An API key does not open these addresses, a login does.
 * @throws CommandError when n8n does not answer, or takes neither user nor password
 */
export async function readNodeTypes(
	url: string,
	owner: { email: string; password: string },
): Promise<{ nodes: unknown; credentials: unknown; n8nVersion?: string }> {
	const login = await ask(`${url}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
	});
	await login.body?.cancel();
	const cookie = login.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	const read = async (path: string): Promise<unknown> => {
		const response = await ask(`${url}${path}`, { headers: { cookie } });
		return response.json();
	};
	const settings = z
		.looseObject({ data: z.looseObject({ versionCli: z.string().optional() }) })
		.safeParse(await read('/rest/settings'));
	const n8nVersion = settings.data?.data.versionCli;
	return {
		nodes: await read('/types/nodes.json'),
		credentials: await read('/types/credentials.json'),
		...(n8nVersion !== undefined && { n8nVersion }),
	};
}

async function ask(url: string, options: RequestInit): Promise<Response> {
	const response = await fetch(url, {
		...options,
		signal: AbortSignal.timeout(TIME_LIMIT_MS),
	}).catch((cause: unknown) => {
		throw new CommandError(`n8n does not answer at ${url}.`, {
			advice: 'Is it running? `autopilot status` shows it.',
			cause,
		});
	});
	if (response.ok) return response;
	const text = (await response.text()).slice(0, 300);
	throw new CommandError(`n8n refused ${new URL(url).pathname}: ${response.status} ${text}`, {
		advice: 'Check the user and the password of the environment.',
	});
}
