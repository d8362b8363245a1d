import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '@autopilot/http';
import { configSchema as payments } from '../../services/payment-sandbox/src/config.ts';
import { configSchema as marketing } from '../../services/marketing-suite/src/config.ts';
import { configSchema as research } from '../../services/research-bot/src/config.ts';
import { configSchema as store } from '../../services/store/src/config.ts';
import { configSchema as video } from '../../services/video-factory/src/config.ts';
import {
	composeService,
	composeSource,
	environmentOf,
	parseEnv,
	read,
	ROOT,
	services,
} from './compose-file.ts';

const example = read('.env.example');
const declared = Object.keys(parseEnv(example));
const mentioned = new Set(
	Array.from(composeSource.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g), ([, name = '']) => name),
);

/** What an operator has after `node docker/make-env.mts > .env`. */
const made = parseEnv(
	execFileSync(process.execPath, [join(ROOT, 'docker', 'make-env.mts')], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	}),
);

describe('.env.example', () => {
	it('declares what docker-compose.yml asks for, and nothing else', () => {
		// Read by Compose itself.
		const used = declared.filter((name) => name !== 'COMPOSE_PROJECT_NAME');
		expect(used.sort()).toEqual([...mentioned].sort());
	});

	it('holds no secret', () => {
		for (const [name, value] of Object.entries(parseEnv(example))) {
			if (/(PASSWORD|SECRET|KEY|HASH)/.test(name))
				expect({ name, value }).toEqual({ name, value: '' });
		}
	});
});

describe('make-env', () => {
	it('fills in everything that has no default, each secret with another value', () => {
		for (const name of Object.keys(services)) {
			expect(() => environmentOf(name, made)).not.toThrow();
		}
		const secrets = Object.entries(made).filter(
			([name, value]) => /(PASSWORD|SECRET|KEY|HASH)/.test(name) && value !== '',
		);
		expect(secrets.length).toBeGreaterThanOrEqual(17);
		expect(new Set(secrets.map(([, value]) => value)).size).toBe(secrets.length);
	});

	it('makes the hash in the form that n8n accepts', () => {
		expect(made['N8N_OWNER_PASSWORD_HASH']).toMatch(/^\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}$/);
	});

	it('leaves Compose with the name of what is missing when a secret is not set', () => {
		expect(() => environmentOf('store', { ...made, STORE_API_KEY: '' })).toThrow(/STORE_API_KEY/);
	});
});

describe('the container of the payment sandbox', () => {
	it('starts with what compose gives it, and shares key and webhook secret with the store', () => {
		const given = environmentOf('payment-sandbox', made);
		const config = parseConfig(payments, given);
		const shop = parseConfig(store, environmentOf('store', made));
		expect(config.STRIPE_SECRET_KEY).toBe(shop.STRIPE_SECRET_KEY);
		expect(config.STRIPE_WEBHOOK_SECRET).toBe(shop.STRIPE_WEBHOOK_SECRET);
		expect(shop.STRIPE_API_URL).toBe(`http://payment-sandbox:${config.PORT}`);
		const known = Object.keys(payments.shape);
		expect(Object.keys(given).filter((variable) => !known.includes(variable))).toEqual([]);
	});
});

describe.each([
	['store', store],
	['marketing-suite', marketing],
	['video-factory', video],
	['research-bot', research],
])('the containers of %s', (name, schema) => {
	it.each([name, `${name}-worker`])('%s starts with what compose gives it', (container) => {
		const config = parseConfig(schema, environmentOf(container, made));
		expect(config.PORT).toBeGreaterThan(4000);
		expect(config.HOST).toBe('0.0.0.0');
		expect(config.WORKER_PORT).toBe(config.PORT + 10);
	});

	it('keep files in a volume that API and worker share, if the service keeps files', () => {
		const volumes = 'STORAGE_DIR' in schema.shape ? [expect.stringMatching(/:\/data$/)] : [];
		expect(composeService(name).volumes).toEqual(volumes);
	});

	it('get no variable that the service does not know', () => {
		const known = Object.keys(schema.shape);
		const given = Object.keys(environmentOf(name, made));
		expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
	});
});
