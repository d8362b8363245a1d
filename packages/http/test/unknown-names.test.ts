import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { unknownNamesOf } from '../src/contracts/unknown-names.ts';

const contract = z.object({
	name: z.string().trim().min(1),
	address: z.object({ city: z.string(), country: z.string().optional() }).nullable().optional(),
	lines: z.array(z.object({ sku: z.string() })).default([]),
	metadata: z.record(z.string(), z.unknown()).optional(),
	media: z.array(
		z.discriminatedUnion('kind', [
			z.object({ kind: z.literal('image'), alt: z.string() }),
			z.object({ kind: z.literal('video'), seconds: z.int() }),
		]),
	),
	anything: z.unknown(),
	either: z.union([z.string(), z.object({ from: z.string() })]),
});
const pointers = (value: unknown) => unknownNamesOf(contract)(value).map(({ pointer }) => pointer);

describe('names that a contract does not know', () => {
	it.each([
		['at the top', { name: 'x', nmae: 'y' }, ['/nmae']],
		['in an object that may be null', { address: { city: 'x', zip: '1' } }, ['/address/zip']],
		['in a list', { lines: [{ sku: 'a' }, { sku: 'b', qty: 1 }] }, ['/lines/1/qty']],
		['in one of several kinds', { media: [{ kind: 'video', second: 3 }] }, ['/media/0/second']],
		['in a choice', { either: { form: 'x' } }, ['/either/form']],
		['with a slash', { 'a/b~c': 1 }, ['/a~1b~0c']],
	])('are found %s', (_where, value, expected) => {
		expect(pointers(value)).toEqual(expected);
	});

	it.each([
		['null for an object', { address: null }],
		['entries of a record', { metadata: { whatever: { deep: 1 } } }],
		['what may be anything', { anything: { deep: 1 } }],
		['a value of another type, which zod refuses', { lines: 'none', address: [1] }],
	])('are not: %s', (_what, value) => {
		expect(pointers(value)).toEqual([]);
	});

	it('come with those that are known there', () => {
		const [found] = unknownNamesOf(contract)({ address: { town: 'x' } });
		expect(found?.known).toEqual(['city', 'country']);
	});
});
