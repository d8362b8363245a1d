import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { DeployError } from '../errors.ts';
import type { N8nApi } from '../n8n/client.ts';
import type { Row, Table } from './table.ts';

const LEASE_MS = 45_000;
const RENEW_MS = 15_000;

const holder = z.object({ host: z.string(), pid: z.number(), until: z.number(), what: z.string() });

/** The right to change an instance, for one process at a time. */
export interface Lock {
	/** @throws DeployError `locked` when the lease was lost: another may be deploying by now */
	assertHeld(): void;
	release(): Promise<void>;
}

/**
 * Takes the lock of an instance: everybody adds a row, and the oldest one that is alive has it. Times are by n8n's clock.
 * A lease ends by itself 45 s after a process that was killed; at once when that process was on this machine.
 * @throws DeployError `locked`
 */
export async function takeLock(api: N8nApi, table: Table, what: string): Promise<Lock> {
	let until = api.now() + LEASE_MS;
	const state = () => ({ host: hostname(), pid: process.pid, until, what });
	const mine = await table.insert({
		kind: 'lock',
		name: randomUUID(),
		state: 'held',
		info: what,
		data: state(),
	});
	try {
		for (const row of await table.rows('lock')) {
			if (row.id >= mine) break;
			if (isAlive(row, api.now())) throw taken(row, api.now());
			await table.delete(row.id);
		}
	} catch (error) {
		await table.delete(mine);
		throw error;
	}
	const renew = setInterval(() => {
		const next = api.now() + LEASE_MS;
		table.update(mine, { data: { ...state(), until: next } }).then(
			(isThere) => (until = isThere ? next : 0),
			// n8n may be restarting: the lease that was got holds, the next try may succeed.
			() => undefined,
		);
	}, RENEW_MS);
	renew.unref();
	return {
		assertHeld() {
			if (api.now() < until - 5_000) return;
			throw new DeployError(
				'locked',
				'The lock of this instance was lost: n8n did not renew it in time.',
				{
					advice: 'Run the command again: it finishes or undoes what was begun.',
				},
			);
		},
		async release() {
			clearInterval(renew);
			await table.delete(mine);
		},
	};
}

function isAlive({ data }: Row, now: number): boolean {
	const told = holder.safeParse(data).data;
	if (told === undefined || told.until < now) return false;
	return told.host !== hostname() || isRunning(told.pid);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it is there and somebody else's.
		return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
	}
}

function taken({ data, info }: Row, now: number): DeployError {
	const told = holder.safeParse(data).data;
	const where = told === undefined ? 'somebody' : `process ${told.pid} on ${told.host}`;
	const seconds = Math.max(1, Math.ceil(((told?.until ?? now) - now) / 1000));
	return new DeployError(
		'locked',
		`Another deployment to this n8n is under way: ${info} by ${where}.`,
		{
			advice: `Wait for its end. If it was killed, its lock ends by itself within ${seconds} s.`,
		},
	);
}
