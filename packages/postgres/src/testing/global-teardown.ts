/** Stops what the global set-up has started and deletes its files. */
export default async function stopPostgres(): Promise<void> {
	await globalThis.testPostgres?.stop();
}
