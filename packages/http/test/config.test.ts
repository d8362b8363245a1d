import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, parseConfig, serviceEnvironment } from '../src/index.ts';

const schema = z.object(serviceEnvironment);
const complete = {
	PORT: '4001',
	PUBLIC_URL: 'http://127.0.0.1:4001/',
	DATABASE_URL: 'postgres://user:hunter2@127.0.0.1/store',
	REDIS_URL: 'redis://127.0.0.1:6379',
	SIGNING_SECRET: 'x'.repeat(32),
	EGRESS_ALLOW: '127.0.0.1:5678, 10.0.0.0/8',
};

describe('parseConfig', () => {
	it('gives typed values', () => {
		const config = parseConfig(schema, complete);
		expect(config.PORT).toBe(4001);
		expect(config.PUBLIC_URL).toBe('http://127.0.0.1:4001');
		expect(config.EGRESS_ALLOW).toEqual(['127.0.0.1:5678', '10.0.0.0/8']);
	});

	it('names all faults at once, counts empty as missing, and never shows a value', () => {
		const faulty = { ...complete, PORT: 'many', SIGNING_SECRET: 'short-secret', REDIS_URL: '' };
		let error: unknown;
		try {
			parseConfig(schema, faulty);
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(ConfigError);
		const text = String(error);
		for (const name of ['PORT', 'SIGNING_SECRET', 'REDIS_URL']) expect(text).toContain(name);
		expect(text).not.toContain('short-secret');
	});
});
