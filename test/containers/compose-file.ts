import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = join(import.meta.dirname, '..', '..');

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const service = z.looseObject({
	image: z.string(),
	build: z
		.object({
			context: z.string(),
			dockerfile: z.string(),
			args: z.record(z.string(), z.string()).optional(),
		})
		.optional(),
	user: z.string().optional(),
	restart: z.string(),
	environment: z.record(z.string(), z.string()).default({}),
	ports: z.array(z.string()).default([]),
	volumes: z.array(z.string()).default([]),
	networks: z.array(z.string()),
	depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
	healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
	deploy: z.object({
		resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }),
	}),
});
export type ComposeService = z.infer<typeof service>;

/** docker-compose.yml as it stands: anchors merged, variables not yet filled in. */
export const composeSource = read('docker-compose.yml');
export const composeDocument: unknown = parse(composeSource, { merge: true });
export const services = z
	.object({ services: z.record(z.string(), service) })
	.parse(composeDocument).services;

/** A service of the compose file; fails the test when it is not there. */
export function composeService(name: string): ComposeService {
	const found = services[name];
	if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
	return found;
}

/** Name -> value of a file in .env format, quotes taken off. */
export function parseEnv(text: string): Record<string, string> {
	const lines = text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm);
	return Object.fromEntries(
		Array.from(lines, ([, name = '', value = '']) => [name, value.replace(/^(['"])(.*)\1$/, '$2')]),
	);
}

/**
 * Fills in variables as Compose does: `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?advice}`.
 * @throws Error with the advice when a required variable is empty
 */
export function interpolate(text: string, env: Record<string, string>): string {
	return text.replace(
		/\$(?:\$|\{([A-Z0-9_]+)(?::([-?])([^}]*))?\})/g,
		(match, name: string | undefined, kind: string | undefined, rest: string | undefined) => {
			if (name === undefined) return match === '$$' ? '$' : match;
			const value = env[name];
			if (value !== undefined && value !== '') return value;
			if (kind === '-') return rest ?? '';
			if (kind === '?') throw new Error(`${name}: ${rest ?? ''}`);
			return '';
		},
	);
}

/** The environment that a container gets with these settings. */
export function environmentOf(name: string, env: Record<string, string>): Record<string, string> {
	const entries = Object.entries(composeService(name).environment);
	return Object.fromEntries(entries.map(([key, value]) => [key, interpolate(value, env)]));
}
