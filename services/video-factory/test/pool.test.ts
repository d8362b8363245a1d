import { describe, expect, it } from '@jest/globals';
import { bothOf, inPool } from '../src/videos/pool.ts';

/** Ends only when it is stopped. */
function untilStopped(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		signal.addEventListener('abort', () => reject(new Error('stopped by another')));
	});
}

describe('a pool', () => {
	it('works on so many at a time and answers in the order of the items', async () => {
		let running = 0;
		let most = 0;
		const gates = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>());
		const done = inPool(gates, { limit: 2 }, async (gate) => {
			most = Math.max(most, ++running);
			await gate.promise;
			running--;
			return gates.indexOf(gate);
		});
		for (const gate of gates.toReversed()) gate.resolve();
		expect(await done).toEqual([0, 1, 2, 3, 4]);
		expect(most).toBe(2);
	});

	it('stops the others when one fails, begins no more, and says why', async () => {
		const begun: string[] = [];
		const work = inPool(['slow', 'broken', 'next'], { limit: 2 }, async (item, signal) => {
			begun.push(item);
			if (item === 'broken') throw new Error('the disk is full');
			await untilStopped(signal);
		});
		await expect(work).rejects.toThrow('the disk is full');
		expect(begun).toEqual(['slow', 'broken']);
	});

	it('begins nothing when it was stopped before', async () => {
		const signal = AbortSignal.abort(new Error('cancelled'));
		const work = inPool([1], { limit: 2, signal }, () => Promise.reject(new Error('begun')));
		await expect(work).rejects.toThrow('cancelled');
	});
});

describe('two pieces of work at once', () => {
	it('give both results', async () => {
		const both = bothOf(
			undefined,
			() => Promise.resolve('picture'),
			() => Promise.resolve(1),
		);
		expect(await both).toEqual(['picture', 1]);
	});

	it('end together when one fails', async () => {
		const both = bothOf(undefined, untilStopped, () => Promise.reject(new Error('no voice')));
		await expect(both).rejects.toThrow('no voice');
	});
});
