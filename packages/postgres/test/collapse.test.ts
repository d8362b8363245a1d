import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createCollapse } from '../src/index.ts';

/** Questions that are answered when the test says so. */
function world() {
	const asked: { key: string; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
	const collapse = createCollapse<string>();
	const ask = (key: string) =>
		collapse(key, () => {
			const { promise, resolve, reject } = Promise.withResolvers<string>();
			asked.push({ key, answer: resolve, fail: reject });
			return promise;
		});
	return { asked, ask };
}

describe('those who ask the same at once', () => {
	it('share the answer that is asked after they came, not the one under way', async () => {
		const { asked, ask } = world();
		const first = ask('list');
		const later = [ask('list'), ask('list'), ask('list')];
		expect(asked).toHaveLength(1);
		asked[0]?.answer('before');
		expect(await first).toBe('before');
		await setImmediate();
		expect(asked).toHaveLength(2);
		asked[1]?.answer('after');
		expect(await Promise.all(later)).toEqual(['after', 'after', 'after']);
	});

	it('are not held up by those who ask something else', async () => {
		const { asked, ask } = world();
		const both = [ask('one'), ask('other')];
		expect(asked.map(({ key }) => key)).toEqual(['one', 'other']);
		for (const { key, answer } of asked) answer(key);
		expect(await Promise.all(both)).toEqual(['one', 'other']);
	});

	it('get an answer of their own after one that failed', async () => {
		const { asked, ask } = world();
		const first = ask('list');
		const second = ask('list');
		asked[0]?.fail(new Error('connection lost'));
		await expect(first).rejects.toThrow('connection lost');
		await setImmediate();
		asked[1]?.answer('fine');
		expect(await second).toBe('fine');
	});

	it('ask anew when nobody is asking any more', async () => {
		const { asked, ask } = world();
		for (const text of ['a', 'b', 'c']) {
			const answer = ask('list');
			asked.at(-1)?.answer(text);
			expect(await answer).toBe(text);
			await setImmediate();
		}
		expect(asked).toHaveLength(3);
	});
});
