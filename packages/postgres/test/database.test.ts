import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../src/index.ts';
import { createTestDatabase, type TestDatabase, until } from '../src/testing/index.ts';

let test: TestDatabase;

beforeAll(async () => {
	test = await createTestDatabase([]);
	await test.db.query('CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)');
	await test.db.query('INSERT INTO accounts VALUES (1, 0), (2, 0)');
});
afterAll(() => test.drop());

const balance = async (id: number) => {
	const { rows } = await test.db.query<{ balance: number }>(
		'SELECT balance FROM accounts WHERE id = $1',
		[id],
	);
	return rows[0]?.balance;
};

describe('transaction', () => {
	it('rolls back when the work throws', async () => {
		const work = test.db.transaction(async (tx) => {
			await tx.query('UPDATE accounts SET balance = 99 WHERE id = 1');
			throw new Error('changed my mind');
		});
		await expect(work).rejects.toThrow('changed my mind');
		expect(await balance(1)).toBe(0);
	});

	it('undoes a failed savepoint and keeps the rest', async () => {
		await test.db.transaction(async (tx) => {
			await tx.query('UPDATE accounts SET balance = 5 WHERE id = 1');
			const doomed = tx.savepoint(() => tx.query('INSERT INTO accounts VALUES (1, 0)'));
			await expect(doomed).rejects.toThrow('duplicate key');
		});
		expect(await balance(1)).toBe(5);
	});

	it('runs the loser of a deadlock again', async () => {
		const bothHoldOne = Promise.withResolvers<void>();
		let holders = 0;
		const transfer = (first: number, second: number) =>
			test.db.transaction(async (tx) => {
				await tx.query('UPDATE accounts SET balance = balance + 1 WHERE id = $1', [first]);
				if (++holders === 2) bothHoldOne.resolve();
				await bothHoldOne.promise;
				await tx.query('UPDATE accounts SET balance = balance + 1 WHERE id = $1', [second]);
			});
		await test.db.query('UPDATE accounts SET balance = 0');
		await Promise.all([transfer(1, 2), transfer(2, 1)]);
		expect(await balance(1)).toBe(2);
		expect(await balance(2)).toBe(2);
	});

	it('runs a single statement again that has lost a deadlock', async () => {
		await test.db.query('UPDATE accounts SET balance = 0');
		const holdsTwo = Promise.withResolvers<void>();
		const isWaiting = Promise.withResolvers<void>();
		const other = test.db.transaction(async (tx) => {
			// It never looks for deadlocks itself, so it is the statement that is ended.
			await tx.query(`SET LOCAL deadlock_timeout = '1min'`);
			await tx.query('UPDATE accounts SET balance = balance + 1 WHERE id = 2');
			holdsTwo.resolve();
			await isWaiting.promise;
			await tx.query('UPDATE accounts SET balance = balance + 1 WHERE id = 1');
		});
		await holdsTwo.promise;
		const both = test.db
			.query(`WITH first AS MATERIALIZED (SELECT id FROM accounts WHERE id = 1 FOR UPDATE),
			second AS MATERIALIZED (SELECT id FROM accounts WHERE id = 2 AND EXISTS (SELECT FROM first) FOR UPDATE)
			UPDATE accounts a SET balance = balance + 1 FROM second WHERE a.id IN (1, 2)`);
		await until(async () => {
			const { rows } = await test.db.query(
				`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
			);
			return rows.length === 1;
		});
		isWaiting.resolve();
		await Promise.all([other, both]);
		expect([await balance(1), await balance(2)]).toEqual([2, 2]);
	});
});

describe('listen', () => {
	it('hears notifications again after its connection was killed', async () => {
		const heard: string[] = [];
		await test.db.listen('news', (payload) => heard.push(payload));
		await test.db.query(`SELECT pg_notify('news', 'one')`);
		await until(() => heard.includes('one'));
		await test.db.query(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test listen news'`,
		);
		await until(async () => {
			await test.db.query(`SELECT pg_notify('news', 'two')`);
			return heard.includes('two');
		});
	});
});

describe('cursor', () => {
	it('gives back the key it was made of, and nothing for a forged one', () => {
		const key = ['2026-01-01T00:00:00.000Z', 'id-1'];
		expect(decodeCursor(encodeCursor(key), 2)).toEqual(key);
		expect(decodeCursor('garbage', 2)).toBeUndefined();
		expect(decodeCursor(encodeCursor(['only one']), 2)).toBeUndefined();
	});
});
