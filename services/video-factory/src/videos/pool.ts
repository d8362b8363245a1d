/**
 * Does `work` on every item, `limit` of them at a time, and gives the results in their order. When
 * one fails, the signal that the others were given is aborted, they are awaited, and its reason is
 * thrown.
 */
export async function inPool<T, R>(
	items: readonly T[],
	pool: { limit: number; signal?: AbortSignal | undefined },
	work: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
	const { failed, stop, signal } = stoppable(pool.signal);
	const results: R[] = [];
	const queue = [...items.entries()];
	const worker = async () => {
		for (let next = queue.shift(); next; next = queue.shift()) {
			signal.throwIfAborted();
			results[next[0]] = await work(next[1], signal);
		}
	};
	const count = Math.max(1, Math.min(pool.limit, items.length));
	await Promise.allSettled(Array.from({ length: count }, () => worker().catch(stop)));
	failed.throwIfAborted();
	return results;
}

/** Two pieces of work at once; the failure of one stops the other, as in a pool. */
export async function bothOf<A, B>(
	outer: AbortSignal | undefined,
	first: (signal: AbortSignal) => Promise<A>,
	second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
	const { failed, stop, signal } = stoppable(outer);
	const [a, b] = await Promise.allSettled([first(signal).catch(stop), second(signal).catch(stop)]);
	if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
	throw failed.reason;
}

/** The first failure becomes the reason: those that it stops would only say "aborted". */
function stoppable(outer: AbortSignal | undefined) {
	const controller = new AbortController();
	const failed = controller.signal;
	return {
		failed,
		signal: outer ? AbortSignal.any([outer, failed]) : failed,
		stop: (reason: unknown): never => {
			controller.abort(reason);
			throw reason;
		},
	};
}
