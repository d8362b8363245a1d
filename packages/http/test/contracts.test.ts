import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serializerCompiler } from '../src/contracts/serializer.ts';

const product = z.object({
	id: z.uuid(),
	stock: z.int(),
	rate: z.number(),
	status: z.enum(['draft', 'published']),
	tags: z.array(z.string()),
	media: z.array(z.object({ url: z.url(), alt: z.string().optional() })),
	attributes: z.record(z.string(), z.unknown()),
	price: z.object({ amount: z.int(), currency: z.string() }).nullable(),
	publishedAt: z.iso.datetime().nullable(),
	result: z.union([z.object({ ok: z.literal(true) }), z.object({ error: z.string() })]),
});
const good = {
	id: '0198c0de-0000-7000-8000-000000000001',
	stock: 3,
	rate: 0.5,
	status: 'draft',
	tags: ['a "quoted" one', 'ü'],
	media: [{ url: 'https://shop.example/a.jpg' }],
	attributes: { nested: { deep: [1, null] } },
	price: null,
	publishedAt: '2026-11-20T00:00:00.000Z',
	result: { error: 'none' },
};
const serialize = serializerCompiler({
	schema: product,
	method: 'GET',
	url: '/',
	httpStatus: '200',
});

describe('an answer', () => {
	it('is the JSON of what the contract names, and nothing else', () => {
		const row = { ...good, cost: 1, media: [{ ...good.media[0], internal: true }] };
		expect(JSON.parse(serialize(row))).toEqual(good);
	});

	it('leaves out what is optional and not there, and takes null where it may be', () => {
		const answer = JSON.parse(serialize({ ...good, price: { amount: 1, currency: 'EUR', x: 1 } }));
		expect(answer.price).toEqual({ amount: 1, currency: 'EUR' });
		expect(answer.media[0]).not.toHaveProperty('alt');
		expect(JSON.parse(serialize({ ...good, publishedAt: null })).publishedAt).toBeNull();
	});

	it('keeps any name in a record, also one that is dangerous to assign', () => {
		const attributes = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
		expect(serialize({ ...good, attributes })).toContain(
			'"attributes":{"__proto__":{"polluted":true},"constructor":1}',
		);
	});

	it.each([
		['a missing property', { tags: undefined }],
		['a wrong type', { stock: '3' }],
		['a fraction for an integer', { stock: 1.5 }],
		['no number', { rate: Number.NaN }],
		['a value outside of its enum', { status: 'sold' }],
		['a wrong entry of a list', { tags: ['a', 5] }],
		['a wrong entry deep inside', { media: [{ url: 5 }] }],
		['an array for an object', { attributes: [] }],
		['null where it may not be', { tags: null }],
		['none of the shapes of a union', { result: { ok: false } }],
	])('with %s is refused', (_name, fault) => {
		expect(() => serialize({ ...good, ...fault })).toThrow();
	});

	it('that JSON Schema can not describe is left to zod', () => {
		const nothing = serializerCompiler({
			...{ schema: z.undefined(), method: 'GET', url: '/', httpStatus: '204' },
		});
		expect(nothing(undefined)).toBeUndefined();
		expect(() => nothing('text')).toThrow();
	});
});
