/* global AbortSignal */
const TIMEOUT_MS = 10_000;

/** The server has refused: `code` and `detail` say why, `devices` who holds the seats. */
export class LicenseServerError extends Error {
	name = 'LicenseServerError';

	constructor(status, problem, retryAfter) {
		super(problem.detail ?? `The licence server answered ${status}.`);
		this.status = status;
		this.code = problem.code ?? 'unexpected_answer';
		this.devices = problem.devices ?? [];
		this.retryAfterSeconds = retryAfter === null ? null : Number(retryAfter);
	}
}

/** Nothing came back. Go on with the licence file; it is made for this. */
export class LicenseServerUnreachable extends Error {
	name = 'LicenseServerUnreachable';
}

/**
 * Asks a licence server with nothing but the licence key.
 * Every answer has `state`: keep it where you keep settings, and hand it to `verify`.
 */
export function createClient({
	baseUrl,
	productId,
	fetch = globalThis.fetch,
	timeoutMs = TIMEOUT_MS,
}) {
	const base = baseUrl.replace(/\/+$/, '');

	async function ask(path, body) {
		let answer;
		try {
			answer = await fetch(`${base}${path}`, {
				signal: AbortSignal.timeout(timeoutMs),
				...(body === undefined
					? {}
					: {
							method: 'POST',
							headers: { 'content-type': 'application/json' },
							body: JSON.stringify(body),
						}),
			});
			if (answer.status === 204) return { status: 204, body: undefined };
			return { status: answer.status, body: check(answer, await answer.json()) };
		} catch (cause) {
			if (cause instanceof LicenseServerError) throw cause;
			throw new LicenseServerUnreachable('The licence server can not be reached.', { cause });
		}
	}

	const seen = (verdict, state) => ({
		...verdict,
		state: {
			...(state ?? { seq: 0, licenseId: null }),
			seen: Math.max(state?.seen ?? 0, Math.floor(Date.parse(verdict.serverTime) / 1000)),
		},
	});

	return {
		/** One answer for every case: branch on `code`. */
		async validate({ key, fingerprint, entitlements, state }) {
			const question = { key, fingerprint, entitlements, productId };
			return seen((await ask('/public/licenses/validate', question)).body, state);
		},
		/** Gives this device a seat; the same fingerprint gets the same activation. */
		async activate({ key, fingerprint, label, metadata, takeOver }) {
			const body = { key, fingerprint, label, metadata, takeOver };
			const { status, body: activation } = await ask('/public/licenses/activations', body);
			return { ...activation, isNew: status === 201 };
		},
		/** Shows that the device is alive; answers like `validate`. */
		async heartbeat({ activationId, key, state }) {
			const path = `/public/licenses/activations/${encodeURIComponent(activationId)}/heartbeat`;
			return seen((await ask(path, { key })).body, state);
		},
		async deactivate({ activationId, key }) {
			const path = `/public/licenses/activations/${encodeURIComponent(activationId)}/deactivate`;
			await ask(path, { key });
		},
		/** Counts a use of something that the licence limits. */
		async count({ key, counter, n, idempotencyKey }) {
			return (await ask('/public/licenses/usage', { key, counter, n, idempotencyKey })).body;
		},
		/** A licence file for this device, to be kept and checked offline. */
		async fetchFile({ key, fingerprint, ttlSeconds, encrypt }) {
			return (await ask('/public/licenses/files', { key, fingerprint, ttlSeconds, encrypt })).body;
		},
		async fetchKeys() {
			return (await ask('/.well-known/license-keys.json')).body;
		},
		async fetchRevocations() {
			return (await ask('/.well-known/license-revocations')).body;
		},
	};
}

function check(answer, body) {
	if (answer.ok) return body;
	throw new LicenseServerError(answer.status, body, answer.headers.get('retry-after'));
}
