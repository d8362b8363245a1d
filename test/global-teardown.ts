import { rm } from 'node:fs/promises';

/** Stops what the global set-up has started and deletes its files. */
export default async function stopPostgres(): Promise<void> {
	const stack = globalThis.testStack;
	await stack?.stop();
	if (stack !== undefined) await rm(stack.layout.dataDir, { recursive: true, force: true });
}
