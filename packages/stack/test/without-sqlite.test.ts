import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const PRELOAD = new URL('../src/n8n/without-sqlite.ts', import.meta.url).href;
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-sqlite-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program beside a `sqlite3` of this source, as n8n's process is run. */
async function run(sqlite3: string | undefined, program: string): Promise<string> {
	const installed = path.join(folder, 'node_modules', 'sqlite3');
	await mkdir(installed, { recursive: true });
	if (sqlite3 !== undefined) await writeFile(path.join(installed, 'index.js'), sqlite3);
	const file = path.join(folder, 'program.cjs');
	await writeFile(file, program);
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', PRELOAD, file]);
	return stdout.trim();
}
const OPEN = `const open = () => {
	const { Database } = require('sqlite3').verbose();
	return new Database(':memory:').name;
};
try { console.log(open()); } catch (error) { console.log(error.message); }`;
/** What node-bindings throws for a binary that is nowhere. */
const WITHOUT_BINARY = `throw Object.assign(new Error('Could not locate the bindings file.'), { tries: [] });`;

describe('SQLite in n8n', () => {
	it('without its binary can be loaded, and says what to do when a database is opened', async () => {
		expect(await run(WITHOUT_BINARY, `require('sqlite3'); console.log('loaded')`)).toBe('loaded');
		expect(await run(WITHOUT_BINARY, OPEN)).toContain('npm rebuild sqlite3');
	});

	it('that was built is the real one', async () => {
		const real = `exports.Database = class { name = 'real'; }; exports.verbose = () => exports;`;
		expect(await run(real, OPEN)).toBe('real');
	});

	it('that is broken or gone fails with its own words, and only where it is used', async () => {
		expect(await run(`throw new Error('wrong architecture')`, OPEN)).toBe('wrong architecture');
		await rm(path.join(folder, 'node_modules'), { recursive: true });
		expect(await run(undefined, OPEN)).toContain('sqlite3');
		expect(await run(undefined, `console.log('starts')`)).toBe('starts');
	});
});
