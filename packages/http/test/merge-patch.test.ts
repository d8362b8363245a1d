import { describe, expect, it } from '@jest/globals';
import { mergePatch } from '../src/index.ts';

// Examples of RFC 7396, appendix A, whose target and patch are objects.
describe('mergePatch', () => {
	it.each([
		[{ a: 'b' }, { a: 'c' }, { a: 'c' }],
		[{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
		[{ a: 'b' }, { a: null }, {}],
		[{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
		[{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
		[{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
		[{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
		[{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
		[{ e: null }, { a: 1 }, { e: null, a: 1 }],
		[{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
	])('%j with %j gives %j', (target, patch, result) => {
		expect(mergePatch(target, patch)).toEqual(result);
	});

	it('takes __proto__ for a name like any other', () => {
		const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
		expect(Object.keys(merged)).toEqual(['__proto__']);
	});
});
