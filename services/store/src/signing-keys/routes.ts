import type { App, Command } from '@autopilot/http';
import { z } from 'zod';
import { publicKey, rotateKeys, signingKey } from './schema.ts';
import type { SigningKeys } from './signing-keys.ts';

const tags = ['signing keys'];
const write = { scope: 'signing-keys:write' };

/** Keys that sign licence files. */
export function signingKeyRoutes(
	app: App,
	{ command, keys }: { command: Command; keys: SigningKeys },
): void {
	app.get(
		'/.well-known/license-keys.json',
		{
			config: { public: true },
			schema: {
				tags,
				summary: 'Public keys of licence files (JWK set)',
				response: { 200: z.object({ keys: z.array(publicKey) }) },
			},
		},
		async (_request, reply) => {
			reply.header('cache-control', 'public, max-age=300');
			return { keys: await keys.published() };
		},
	);
	app.get(
		'/api/v1/signing-keys',
		{
			config: { scope: 'signing-keys:read' },
			schema: {
				tags,
				summary: 'List signing keys, the newest first',
				response: { 200: z.object({ data: z.array(signingKey) }) },
			},
		},
		async () => ({ data: await keys.list() }),
	);
	app.post(
		'/api/v1/signing-keys/rotate',
		{
			config: write,
			schema: {
				tags,
				summary: 'Make a new key; the old one stays published while its files run',
				body: rotateKeys,
				response: { 201: signingKey },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 201,
				body: await keys.rotate(tx, request.body.activeAfterSeconds),
			})),
	);
	app.post(
		'/api/v1/signing-keys/:kid/revoke',
		{
			config: write,
			schema: {
				tags,
				summary: 'Withdraw a key that may be in wrong hands; its files become invalid',
				params: z.object({ kid: z.string().max(100) }),
				response: { 200: signingKey },
			},
		},
		(request, reply) =>
			command(request, reply, async (tx) => ({
				status: 200,
				body: await keys.revoke(tx, request.params.kid),
			})),
	);
}
