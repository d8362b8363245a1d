import { existsSync, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;

/** Names of JSON files that change in these folders, until aborted; changes at once are one. A folder that is not there is none. */
export async function* watchFiles(
	folders: readonly string[],
	signal: AbortSignal,
): AsyncGenerator<string> {
	let changed = Promise.withResolvers<string>();
	const watchers = folders.filter(existsSync).map((folder) =>
		watch(folder, { signal }, (_, name) => {
			if (name?.endsWith('.json') === true) changed.resolve(name);
		}),
	);
	const ended = new Promise<undefined>((resolve) => {
		signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
	try {
		while (!signal.aborted) {
			const name = await Promise.race([changed.promise, ended]);
			if (name === undefined) return;
			await delay(SETTLE_MS);
			changed = Promise.withResolvers<string>();
			yield name;
		}
	} finally {
		for (const watcher of watchers) watcher.close();
	}
}
