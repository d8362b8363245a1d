import { createRequire, Module } from 'node:module';

// Loaded into n8n's own process before n8n. Every AI agent loads SQLite's driver, for the oldest of its kinds alone, which
// reads databases; n8n is installed without the scripts that would build the driver's binary.

const ADVICE =
	'This n8n has no SQLite: it was installed without building it. Use PostgreSQL or MySQL, or run "npm rebuild sqlite3" in the folder n8n is installed in (it takes a compiler and the internet), and restart n8n.';

/** Whoever opens a database is told; who only loads the driver is not. */
function Database(): never {
	throw new Error(ADVICE);
}

const driver = { Database, verbose: () => driver };

/** Puts the stand-in where the program at `from` looks `sqlite3` up, if the real one has no binary there. */
function doWithoutSqlite(from: string): void {
	const load = createRequire(from);
	try {
		load('sqlite3');
	} catch (error) {
		// Only a missing binary lists where it was looked for. Of other faults n8n itself shall tell, where they matter.
		const isMissing = error instanceof Error && 'tries' in error;
		if (!isMissing) return;
		const file = load.resolve('sqlite3');
		load.cache[file] = Object.assign(new Module(file), { exports: driver, loaded: true });
	}
}

const [, program] = process.argv;
if (program !== undefined) doWithoutSqlite(program);
