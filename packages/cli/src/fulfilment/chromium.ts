import { existsSync } from 'node:fs';
import path from 'node:path';

/** Debian's small one first, then what other systems have. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** CHROMIUM_PATH, or the first browser on PATH. */
export function findChromium(
	environment: Record<string, string | undefined> = process.env,
): string | undefined {
	const given = environment['CHROMIUM_PATH'];
	if (given !== undefined && given !== '') return given;
	return NAMES.flatMap((name) =>
		(environment['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name)),
	).find((file) => existsSync(file));
}
