import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@autopilot/postgres';
import { until } from '@autopilot/postgres/testing';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import {
	deleteStack,
	findPortBase,
	layoutOf,
	projectRoot,
	stackStatus,
	startStack,
	type Stack,
	type StackOptions,
} from '../src/index.ts';
import { findMarked, isAlive } from '../src/process-identity.ts';
import { readRun } from '../src/run-file.ts';

const ONLY = ['postgres', 'redis', 'mail'];
const BOOT_MS = 300_000;
const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');

const stacks: Stack[] = [];
const folders: string[] = [];
let first: Stack;

beforeAll(async () => {
	first = await boot(await dataFolder());
}, BOOT_MS);

afterAll(async () => {
	await Promise.all(stacks.map((stack) => stack.stop()));
	await Promise.all(folders.map(deleteStack));
}, BOOT_MS);

async function dataFolder(): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-stack-'));
	folders.push(folder);
	return folder;
}

async function boot(dataDir: string, options: StackOptions = {}): Promise<Stack> {
	const portBase = await findPortBase();
	const stack = await startStack({
		dataDir,
		portBase,
		only: ONLY,
		environment: machine(),
		...options,
	});
	stacks.push(stack);
	return stack;
}

/** This machine's PATH and home without the variables that would put other components in place. */
function machine(): Record<string, string | undefined> {
	const { PATH, HOME, LANG } = process.env;
	return { PATH, HOME, LANG };
}

async function query(stack: Stack, sql: string): Promise<unknown[]> {
	const db = connect(stack.databaseUrl('store'), { name: 'test', max: 1 });
	try {
		return (await db.query(sql)).rows;
	} finally {
		await db.close();
	}
}

const inboxSchema = z.object({
	data: z.array(z.object({ id: z.string(), subject: z.string(), to: z.array(z.string()) })),
});

async function inbox(stack: Stack, search: string) {
	const response = await fetch(`${stack.urls.inbox ?? ''}/api/mails?${search}`);
	return inboxSchema.parse(await response.json()).data;
}

describe('a stack', () => {
	it(
		'runs beside another one, each with its own ports, secrets and data',
		async () => {
			const second = await boot(await dataFolder());
			await query(first, 'CREATE TABLE only_here ()');
			await expect(query(second, 'SELECT 1 FROM only_here')).rejects.toThrow(/does not exist/);
			expect(first.secrets.postgresPassword).not.toBe(second.secrets.postgresPassword);
			const { components } = await stackStatus(second.layout.dataDir);
			expect(components.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
				'mail ready',
				'postgres ready',
				'redis ready',
			]);
			await second.stop();
		},
		BOOT_MS,
	);

	it(
		'does not start a component that the operator has replaced',
		async () => {
			const second = await boot(await dataFolder(), {
				environment: {
					...machine(),
					DATABASE_URL: first.databaseUrl('store').replace(/\/store$/, ''),
					SMTP_URL: first.urls.smtp,
				},
				only: ['redis', 'databases'],
			});
			expect(second.components.map(({ name }) => name)).toEqual(['redis']);
			expect(second.urls.inbox).toBeUndefined();
			await expect(query(second, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
			await second.stop();
		},
		BOOT_MS,
	);

	it('leaves nothing running when a part of it cannot start', async () => {
		const folder = await dataFolder();
		const refusal = boot(folder, { portBase: first.layout.portBase });
		const holder = first.component('redis').pid ?? 0;
		await expect(refusal).rejects.toThrow(`is held by process ${holder} (`);
		expect(findMarked(folder)).toEqual([]);
		expect((await stackStatus(folder)).state).toBe('stopped');
	});

	it(
		'brings a component back after kill -9, with all its data',
		async () => {
			await query(first, 'CREATE TABLE lamps (name text)');
			await query(first, "INSERT INTO lamps VALUES ('Ember One')");
			const postgres = first.component('postgres');
			const pid = postgres.pid;
			postgres.kill('SIGKILL');
			await until(() => postgres.restarts > 0);
			await postgres.ready();
			expect(postgres.pid).not.toBe(pid);
			expect(await query(first, 'SELECT name FROM lamps')).toEqual([{ name: 'Ember One' }]);
		},
		BOOT_MS,
	);

	it(
		'keeps its data and its mails over a restart',
		async () => {
			await nodemailer.createTransport(first.urls.smtp).sendMail({
				from: 'shop@autopilot.example',
				to: ['ada@example.org', 'ben@example.org'],
				subject: 'A lamp',
				html: '<p>Light</p>',
			});
			const { dataDir, portBase } = first.layout;
			await query(first, 'CREATE TABLE kept ()');
			await first.stop();
			expect((await stackStatus(dataDir)).state).toBe('stopped');

			first = await boot(dataDir, { portBase });
			expect(await query(first, 'SELECT * FROM kept')).toEqual([]);
			expect(await inbox(first, 'to=ben@')).toEqual([
				expect.objectContaining({ subject: 'A lamp', to: ['ada@example.org', 'ben@example.org'] }),
			]);
		},
		BOOT_MS,
	);
});

describe('the command line of a stack', () => {
	async function up(folder: string, only: string[]) {
		const portBase = String(await findPortBase());
		const args = ['up', '--data', folder, '--port-base', portBase, '--only', ...only];
		return async () => {
			const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
			await until(async () => (await stackStatus(folder)).state === 'running', {
				timeoutMs: BOOT_MS,
			});
			return child;
		};
	}
	const processesOf = (folder: string) => readRun(layoutOf({ dataDir: folder }))?.components ?? [];

	it(
		'leaves orphans when it is killed with -9, which the next `up` ends and `down` stops',
		async () => {
			const folder = await dataFolder();
			const start = await up(folder, ONLY);
			const killed = await start();
			const orphans = processesOf(folder);
			expect(orphans).toHaveLength(ONLY.length);
			killed.kill('SIGKILL');
			await once(killed, 'exit');
			expect((await stackStatus(folder)).state).toBe('orphaned');

			const second = await start();
			expect(orphans.filter(isAlive)).toEqual([]);
			const later = processesOf(folder);
			second.kill('SIGKILL');
			await once(second, 'exit');

			const down = spawn(process.execPath, [main, 'down', '--data', folder], { stdio: 'ignore' });
			expect(await once(down, 'exit')).toEqual([0, null]);
			expect(later.filter(isAlive)).toEqual([]);
			expect(existsSync(path.join(folder, 'secrets.json'))).toBe(true);
		},
		BOOT_MS * 2,
	);

	it(
		'ends everything on Ctrl-C, with exit code 0',
		async () => {
			const folder = await dataFolder();
			const running = await (await up(folder, ['redis']))();
			const processes = processesOf(folder);
			running.kill('SIGINT');
			expect(await once(running, 'exit')).toEqual([0, null]);
			expect(processes.filter(isAlive)).toEqual([]);
			expect((await stackStatus(folder)).state).toBe('stopped');
		},
		BOOT_MS,
	);
});
