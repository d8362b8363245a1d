import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, parseConfig } from '@autopilot/http';
import Stripe from 'stripe';
import { buildApp, configSchema, State } from '../src/index.ts';

export const KEY = 'sk_test_sandbox';

/** A running sandbox with the real Stripe client, and a browser that only follows what it is told to. */
export async function startSandbox(
	options: { state?: State; environment?: Record<string, string>; retries?: number } = {},
) {
	const state = options.state ?? new State(':memory:');
	const config = parseConfig(configSchema, {
		PORT: '0',
		PUBLIC_URL: 'http://sandbox.test',
		STORAGE_DIR: '/nowhere',
		STRIPE_SECRET_KEY: KEY,
		RAZORPAY_KEY_ID: 'rzp_test_sandbox',
		RAZORPAY_KEY_SECRET: 'razorpay-secret',
		...options.environment,
	});
	const app = buildApp({ config, state, logger: createLogger('payment-sandbox', 'silent') });
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = new URL(url);
	const stripe = new Stripe(KEY, {
		...{ host: '127.0.0.1', port: Number(port), protocol: 'http', telemetry: false },
		maxNetworkRetries: options.retries ?? 0,
	});
	const control = async (method: string, path: string, body?: object) => {
		const answer = await fetch(`${url}/_sandbox${path}`, {
			method,
			...(body === undefined
				? {}
				: { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
		});
		const json: unknown = await answer.json();
		if (!answer.ok) throw new Error(JSON.stringify(json));
		return json;
	};
	return {
		...{ app, url, stripe, state, control },
		/** Posts a form as a browser does; redirects are not followed. */
		submit: (path: string, fields: Record<string, string>) =>
			fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }),
		pay: (session: string, card = '4242424242424242') =>
			control('POST', `/sessions/${session}/pay`, {
				card,
				email: 'buyer@example.com',
				name: 'B. Uyer',
			}),
		async close() {
			await app.close();
			if (options.state === undefined) state.close();
		},
	};
}

export type SandboxUnderTest = Awaited<ReturnType<typeof startSandbox>>;

export interface Received {
	body: string;
	headers: Record<string, string | string[] | undefined>;
}

/** An endpoint that keeps what it gets and answers what the test wants. */
export async function startReceiver(answer: (n: number) => number = () => 200) {
	const received: Received[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
			response.writeHead(answer(received.length)).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${address.port}/webhooks`,
		received,
		types: () =>
			received.map(({ body }) => {
				const { type }: { type: string } = JSON.parse(body);
				return type;
			}),
		close: () =>
			new Promise<void>((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
