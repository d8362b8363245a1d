import { z } from 'zod';
import { StackError } from './errors.ts';

const url = z.url();
const optionalUrl = z.preprocess((text) => (text === '' ? undefined : text), url.optional());
const optionalText = z.preprocess(
	(text) => (text === '' ? undefined : text),
	z.string().optional(),
);

/**
 * What an operator replaces by the real thing, one variable each. A component that is replaced is not started.
 * DATABASE_URL names a server whose user may create databases; its own path is not used for data.
 */
const environment = z.object({
	DATABASE_URL: optionalUrl,
	REDIS_URL: optionalUrl,
	SMTP_URL: optionalUrl,
	MAIL_FROM: optionalText,
	N8N_URL: optionalUrl,
	N8N_API_KEY: optionalText,
	STORE_URL: optionalUrl,
	STORE_API_KEY: optionalText,
	MARKETING_SUITE_URL: optionalUrl,
	MARKETING_SUITE_API_KEY: optionalText,
	VIDEO_FACTORY_URL: optionalUrl,
	VIDEO_FACTORY_API_KEY: optionalText,
	RESEARCH_BOT_URL: optionalUrl,
	RESEARCH_BOT_API_KEY: optionalText,
	SAMPLE_WORLD_URL: optionalUrl,
	/** The operator's own Stripe account, live or test, instead of the payment sandbox. */
	STRIPE_SECRET_KEY: optionalText,
	EGRESS_ALLOW: optionalText,
	XDG_CACHE_HOME: optionalText,
	HOME: optionalText,
});

export interface StackEnvironment {
	/** The checked variables this package reads. */
	settings: z.infer<typeof environment>;
	/** What children inherit: the machine's own (PATH, locale, certificates, proxies), nothing of this process's run time. */
	inherited: Record<string, string>;
	/** All variables, for the few that services or n8n take unchanged (OPENAI_*, S3_*, N8N_* ...). */
	all: Record<string, string | undefined>;
}

const INHERITED =
	/^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|XDG_.*|SSL_CERT_.*|NODE_EXTRA_CA_CERTS|(HTTPS?|NO|ALL)_PROXY)$/i;

/**
 * Reads the stack's own settings from the environment of this process.
 * @throws StackError naming every wrong variable
 */
export function readStackEnvironment(
	all: Record<string, string | undefined> = process.env,
): StackEnvironment {
	const parsed = environment.safeParse(all);
	if (!parsed.success) {
		throw new StackError('bad-setting', z.prettifyError(parsed.error), {
			advice:
				'Correct the environment variables named above, or remove them for the built-in part.',
		});
	}
	const inherited: Record<string, string> = {};
	for (const [name, value] of Object.entries(all)) {
		if (value !== undefined && INHERITED.test(name)) inherited[name] = value;
	}
	return { settings: parsed.data, inherited, all };
}

/** The variables of `all` whose name matches, for a component that documents them itself. */
export function pick(
	all: Record<string, string | undefined>,
	pattern: RegExp,
): Record<string, string> {
	const picked: Record<string, string> = {};
	for (const [name, value] of Object.entries(all)) {
		if (value !== undefined && value !== '' && pattern.test(name)) picked[name] = value;
	}
	return picked;
}

/** All variables but those whose name matches. */
export function without(
	all: Record<string, string | undefined>,
	pattern: RegExp,
): Record<string, string> {
	const rest: Record<string, string> = {};
	for (const [name, value] of Object.entries(all)) {
		if (value !== undefined && !pattern.test(name)) rest[name] = value;
	}
	return rest;
}
