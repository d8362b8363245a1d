import { deleteStack } from '@autopilot/stack';

/** Stops what the global set-up has started and deletes its files. */
export default async function stopPostgres(): Promise<void> {
	const stack = globalThis.testStack;
	await stack?.stop();
	if (stack !== undefined) await deleteStack(stack.layout.dataDir);
}
