import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, migrate, pendingMigrations } from '../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/index.ts';

let test: TestDatabase;
let directory: string;
const source = () => [{ name: 'sample', directory }];

beforeAll(async () => {
	test = await createTestDatabase([]);
	directory = await mkdtemp(path.join(tmpdir(), 'migrations-'));
	await writeFile(path.join(directory, '0001_things.sql'), 'CREATE TABLE things (id int);');
});
afterAll(() => test.drop());

describe('migrate', () => {
	it('applies each file once, also when several processes start at the same time', async () => {
		expect(await pendingMigrations(test.db, source())).toEqual(['sample/0001_things.sql']);
		const others = [1, 2, 3].map((n) => connect(test.url, { name: `migrator ${n}` }));
		const applied = await Promise.all(others.map((db) => migrate(db, source())));
		await Promise.all(others.map((db) => db.close()));
		expect(applied.flat()).toEqual(['sample/0001_things.sql']);
		expect(await pendingMigrations(test.db, source())).toEqual([]);
	});

	it('keeps nothing of a file that fails, and applies it when it is mended', async () => {
		const file = path.join(directory, '0002_broken.sql');
		await writeFile(file, 'CREATE TABLE half (id int); SELECT nonsense;');
		await expect(migrate(test.db, source())).rejects.toThrow('nonsense');
		const { rows } = await test.db.query(`SELECT to_regclass('half') AS half`);
		expect(rows[0]?.half).toBeNull();
		await writeFile(file, 'CREATE TABLE half (id int);');
		expect(await migrate(test.db, source())).toEqual(['sample/0002_broken.sql']);
	});

	it('refuses a file that was changed after it had been applied', async () => {
		await writeFile(path.join(directory, '0001_things.sql'), 'CREATE TABLE other (id int);');
		await expect(migrate(test.db, source())).rejects.toThrow('new migration');
	});
});
