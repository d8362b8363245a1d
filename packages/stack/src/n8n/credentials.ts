import { createHmac } from 'node:crypto';
import type { Target } from '@autopilot/workflow-deploy';
import { z } from 'zod';
import type { StackContext } from '../component.ts';
import { services } from '../services.ts';

/**
 * Makes the credentials of our services in n8n, and updates those whose address or key has changed. n8n shows what is in
 * a credential to nobody, so a fingerprint of each is kept beside it.
 */
export async function ensureCredentials(context: StackContext, target: Target): Promise<void> {
	const { api, instance, table } = target;
	const [present, noted] = await Promise.all([instance.credentials(), table.rows('credential')]);
	for (const { id, name, type, data } of credentialsFor(context)) {
		const print = fingerprint(context, { name, type, data });
		const isThere = present.some((one) => one.id === id);
		if (isThere && noted.some((row) => row.name === id && row.state === print)) continue;
		const [method, path, body] = isThere
			? (['PATCH', `/credentials/${id}`, { name, type, data }] as const)
			: (['POST', '/credentials', { id, name, type, data }] as const);
		await api.request(z.unknown(), path, { method, body });
		await table.put({ kind: 'credential', name: id, state: print, info: type, data: null });
	}
}

/** Keyed: a mail password may be short, and the table can be read in n8n. */
function fingerprint({ secrets }: StackContext, credential: object): string {
	const key = secrets.n8n.encryptionKey;
	return createHmac('sha256', key).update(JSON.stringify(credential)).digest('hex');
}

/** One credential per service with its address and key, and one for mail to the operator. */
function credentialsFor({ wiring }: StackContext) {
	const smtp = new URL(wiring.smtpUrl);
	const secure = smtp.protocol === 'smtps:';
	return [
		...services.map(({ name, credential }) => ({
			...credential,
			data: { baseUrl: wiring.services[name].url, apiKey: wiring.services[name].apiKey },
		})),
		{
			id: 'apSmtp',
			name: 'Autopilot mail',
			type: 'smtp',
			data: {
				user: decodeURIComponent(smtp.username),
				password: decodeURIComponent(smtp.password),
				host: smtp.hostname,
				port: smtp.port === '' ? (secure ? 465 : 587) : Number(smtp.port),
				secure,
				disableStartTls: smtp.hostname === '127.0.0.1',
				hostName: '',
			},
		},
	];
}
