import { z } from 'zod';

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
};

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
