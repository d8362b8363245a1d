import { z } from 'zod';
import { DeployError } from './errors.ts';

const variable = z
	.string()
	.regex(/^[A-Z][A-Z0-9_]*$/, 'The name of an environment variable, not its value.');
const address = z
	.url({ protocol: /^https?$/ })
	.refine((text) => new URL(text).username === '', 'Credentials do not belong into a URL.')
	.transform((text) => text.replace(/\/$/, ''));
const day = z.iso.date();

const exemption = z.strictObject({
	workflow: z.string(),
	policy: z.string(),
	reason: z.string().min(10),
	/** The last day it holds. */
	until: day,
});

const policies = z.strictObject({
	/** Findings of these rules stop a deployment. */
	pinnedData: z.enum(['allow', 'forbid']).default('allow'),
	testUrls: z.enum(['allow', 'forbid']).default('allow'),
	errorWorkflow: z.enum(['allow-none', 'require']).default('allow-none'),
	/** Longest time limit in seconds that a workflow may have; with a number it must have one. */
	timeLimitSeconds: z.int().positive().optional(),
	forbiddenNodes: z.array(z.string()).default([]),
	exemptions: z.array(exemption).default([]),
});
export type Policies = z.output<typeof policies>;

const credentialBinding = z.strictObject({
	type: z.string(),
	/** Id or name in the files. */
	from: z.string(),
	/** Id or name in this n8n. */
	to: z.string(),
});

const environment = z.strictObject({
	/** Base URL of n8n, without /api. */
	url: address,
	/** The environment variable that holds the API key. */
	apiKeyVariable: variable,
	/** E-mail and password of the owner, by variable: with them it is proved that triggers have subscribed. */
	owner: z.strictObject({ emailVariable: variable, passwordVariable: variable }).optional(),
	bindings: z
		.strictObject({
			credentials: z.array(credentialBinding).default([]),
			/** Beginnings of addresses: in the files -> here. */
			urls: z.record(z.string(), z.string()).default({}),
			/** Ids of workflows: in the files -> here. */
			workflows: z.record(z.string(), z.string()).default({}),
		})
		.prefault({}),
	/** Ids (in the files) of workflows that are kept up to date but not put into production. */
	unpublished: z.array(z.string()).default([]),
	policies: policies.prefault({}),
});

const environmentsFile = z.strictObject({
	$schema: z.string().optional(),
	environments: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), environment),
});

type EnvironmentSettings = z.output<typeof environment>;
export type Bindings = EnvironmentSettings['bindings'];

/** One n8n to deploy to. */
export interface Environment {
	name: string;
	url: string;
	apiKey: string;
	owner?: { email: string; password: string };
	bindings: Bindings;
	unpublished: string[];
	policies: Policies;
}

/** What an environment asks of workflows; it needs neither its n8n nor its secrets. */
export type EnvironmentRules = Pick<Environment, 'name' | 'bindings' | 'policies'>;

/** JSON schema of workflows/environments.json. */
export function environmentsSchema(): unknown {
	return z.toJSONSchema(environmentsFile, { io: 'input' });
}

/** An environment that needs nothing from the file. */
export function plainEnvironment(name: string, url: string, apiKey: string): Environment {
	return {
		...{ name, url: url.replace(/\/$/, ''), apiKey, unpublished: [] },
		bindings: { credentials: [], urls: {}, workflows: {} },
		policies: policies.parse({}),
	};
}

/**
 * Reads one environment of workflows/environments.json. Its API key comes from the variable it names.
 * @throws DeployError `bad-environment`, never with a secret in its text
 */
export function readEnvironment(
	text: string,
	name: string,
	variables: Record<string, string | undefined>,
): Environment {
	const { apiKeyVariable, owner, ...settings } = readSettings(text, name);
	const valueOf = (wanted: string): string => {
		const value = variables[wanted];
		if (value !== undefined && value !== '') return value;
		throw bad(
			`The environment ${name} takes a secret from ${wanted}, which is not set.`,
			`Set ${wanted} and try again.`,
		);
	};
	return {
		...{ name, ...settings, apiKey: valueOf(apiKeyVariable) },
		...(owner === undefined
			? {}
			: {
					owner: { email: valueOf(owner.emailVariable), password: valueOf(owner.passwordVariable) },
				}),
	};
}

/**
 * Reads what one environment of workflows/environments.json asks of workflows.
 * @throws DeployError `bad-environment`
 */
export function readEnvironmentRules(text: string, name: string): EnvironmentRules {
	const { bindings, policies: asked } = readSettings(text, name);
	return { name, bindings, policies: asked };
}

function readSettings(text: string, name: string): EnvironmentSettings {
	const parsed = environmentsFile.safeParse(parseJson(text));
	if (!parsed.success) {
		throw bad(
			`environments.json: ${z.prettifyError(parsed.error)}`,
			'packages/workflow-deploy/README.md shows the format. It never holds secrets, only names of variables.',
		);
	}
	const found = parsed.data.environments[name];
	if (found !== undefined) return found;
	const names = Object.keys(parsed.data.environments);
	throw bad(`environments.json has no environment ${name}.`, `It has ${names.join(', ')}.`);
}

function bad(message: string, advice: string): DeployError {
	return new DeployError('bad-environment', message, { advice });
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError)
			throw bad(`environments.json: ${error.message}`, 'Mend the JSON.');
		throw error;
	}
}
