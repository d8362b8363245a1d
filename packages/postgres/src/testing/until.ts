/**
 * Waits for a condition that another process brings about, looking every 20 ms. The limit only ends
 * a test that would wait for ever: a machine under load may be ten times slower than a quiet one.
 * @returns the first value that is neither false, null nor undefined
 * @throws when it has not come within `timeoutMs`, with the last error of `check` as cause
 */
export async function until<Value>(
	check: () => Value | Promise<Value>,
	{ timeoutMs = 60_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<NonNullable<Exclude<Value, false>>> {
	const deadline = Date.now() + timeoutMs;
	let lastError: unknown;
	while (Date.now() < deadline) {
		try {
			const value = await check();
			if (value !== false && value !== null && value !== undefined) {
				return value as NonNullable<Exclude<Value, false>>;
			}
		} catch (error) {
			lastError = error;
		}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause: lastError });
}
