import { isIP } from 'node:net';
import { z } from 'zod';
import type { BodyTimes } from './body-time.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const list = z
	.string()
	.default('')
	.transform((text) =>
		text
			.split(',')
			.map((part) => part.trim())
			.filter((part) => part !== ''),
	);

/** `false`, a number of proxies in front of the service, or their addresses. */
export type TrustedProxies = false | number | string[];

const NAMED = ['loopback', 'linklocal', 'uniquelocal'];

const trustedProxies = list.transform((parts, context): TrustedProxies => {
	const [first, ...others] = parts;
	if (first === undefined) return false;
	if (others.length === 0 && /^[1-9]$/.test(first)) return Number(first);
	for (const part of parts.filter((one) => !NAMED.includes(one) && !isNetwork(one))) {
		context.addIssue({
			code: 'custom',
			message: `${part} is no address, network (10.0.0.0/8) or ${NAMED.join(', ')}; a single number from 1 to 9 counts proxies`,
		});
	}
	return parts;
});

function isNetwork(text: string): boolean {
	const [address = '', bits, ...rest] = text.split('/');
	const longest = isIP(address) === 6 ? 128 : 32;
	if (isIP(address) === 0 || rest.length > 0) return false;
	return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
}

/** Environment that every service has. A service spreads this into its own `z.object({...})`. */
export const serviceEnvironment = {
	HOST: z.string().default('127.0.0.1'),
	PORT: port,
	/** Probe port of the worker process; 0 takes any free one. */
	WORKER_PORT: port.default(0),
	/** Base URL under which n8n, mail readers and other services reach this service. */
	PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
	DATABASE_URL: z.url(),
	REDIS_URL: z.url(),
	LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
	/** When set, a key with all scopes that exists from the first boot on. */
	API_KEY: z.string().min(24).optional(),
	/** Signs links and tokens; changing it makes all that were given out invalid. */
	SIGNING_SECRET: z.string().min(32),
	RATE_LIMIT_PER_MINUTE: z.coerce.number().int().positive().default(3000),
	/** Hosts, host:port or CIDR blocks in private networks that outbound requests may reach. */
	EGRESS_ALLOW: list,
	/**
	 * Proxies in front of the service, whose `x-forwarded-for` says who asks: addresses and networks, or how many there
	 * are. Without it everybody has the proxy's address, and with too much of it anybody can have any.
	 */
	TRUST_PROXY: trustedProxies,
	/** Milliseconds in which the body of a request must have come; of an upload, how long it may stand still. */
	REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().default(60_000),
	UPLOAD_STALL_MS: z.coerce.number().int().positive().default(30_000),
};

/** What `createApp` is told of the environment about callers: whose word about addresses counts, how long they may take. */
export function edgeOf(config: {
	TRUST_PROXY: TrustedProxies;
	REQUEST_TIMEOUT_MS: number;
	UPLOAD_STALL_MS: number;
}): { trustProxy: TrustedProxies; times: BodyTimes } {
	const { TRUST_PROXY, REQUEST_TIMEOUT_MS, UPLOAD_STALL_MS } = config;
	return {
		trustProxy: TRUST_PROXY,
		times: { requestTimeoutMs: REQUEST_TIMEOUT_MS, uploadStallMs: UPLOAD_STALL_MS },
	};
}

/** Every fault of the environment at once, so that an operator mends them in one go. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
	readonly faults: string[];

	constructor(faults: string[]) {
		super(`The environment is not complete:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
		this.faults = faults;
	}
}

/**
 * Parses the environment once, at start-up. Empty variables count as missing, as in an unfilled `.env`.
 * @throws {ConfigError} naming each variable and what is wrong with it, never its value
 */
export function parseConfig<Schema extends z.ZodObject>(
	schema: Schema,
	environment: Record<string, string | undefined>,
): z.output<Schema> {
	const filled = Object.entries(environment).filter(([, value]) => value !== '');
	const result = schema.safeParse(Object.fromEntries(filled));
	if (result.success) return result.data;
	throw new ConfigError(
		result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
	);
}
