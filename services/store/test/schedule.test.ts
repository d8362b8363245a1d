import { createLogger } from '@autopilot/http';
import { createTestDatabase, type TestDatabase, until } from '@autopilot/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrations } from '../src/migrations.ts';
import { runTurn, startSchedule } from '../src/schedule/schedule.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase(migrations);
});
afterAll(() => database.drop());
const logger = createLogger('test', 'silent');

describe('a scheduled task', () => {
	it('runs once when many workers want to run it at once', async () => {
		let runs = 0;
		const task = { name: 'once', everyMs: 60_000, run: async () => void runs++ };
		const ran = await Promise.all(Array.from({ length: 8 }, () => runTurn(database.db, task)));
		expect(ran.filter(Boolean)).toHaveLength(1);
		expect(runs).toBe(1);
	});

	it('is not run by another while it runs, however long that takes', async () => {
		let release = () => undefined as void;
		const held = new Promise<void>((resolve) => (release = resolve));
		const task = { name: 'long', everyMs: 1, run: () => held };
		const first = runTurn(database.db, task);
		await until(async () => {
			const { rows } = await database.db.query(
				`SELECT FROM pg_locks WHERE locktype = 'advisory' AND database =
					(SELECT oid FROM pg_database WHERE datname = current_database())`,
			);
			return rows.length > 0;
		});
		expect(await runTurn(database.db, { ...task, run: () => Promise.reject(new Error()) })).toBe(
			false,
		);
		release();
		expect(await first).toBe(true);
	});

	it('comes again after a run that failed, and stops when it is told to', async () => {
		let runs = 0;
		const run = async () => {
			runs++;
			if (runs === 1) throw new Error('the first time');
		};
		const tasks = [{ name: 'again', everyMs: 20, run }];
		const stop = startSchedule({ db: database.db, logger, tasks });
		await until(() => runs >= 3);
		await stop();
		const after = runs;
		await database.db.query('SELECT pg_sleep(0.1)');
		expect(runs).toBe(after);
	});
});
