import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examineCache } from '../src/cache/examine.ts';
import { noteUse, tidyCache } from '../src/cache/index.ts';
import { selfIdentity } from '../src/process-identity.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const TIDY = new URL('../src/cache/index.ts', import.meta.url).href;
let cache: string;
let children: ChildProcess[] = [];

beforeEach(() => {
	cache = mkdtempSync(path.join(tmpdir(), 'autopilot-cache-'));
});
afterEach(async () => {
	await Promise.all(children.map(end));
	children = [];
	rmSync(cache, { recursive: true, force: true });
});

/** A folder of the cache, last used so many days ago. */
function unused(name: string, days: number): string {
	const folder = path.join(cache, name);
	mkdirSync(path.join(folder, 'bin'), { recursive: true });
	writeFileSync(path.join(folder, 'bin', 'program.js'), 'process.stdin.resume(); console.log(1)');
	age(folder, days);
	return folder;
}

function age(file: string, days: number): void {
	const then = new Date(Date.now() - days * DAY_MS);
	utimesSync(file, then, then);
}

async function start(args: string[], cwd = cache): Promise<ChildProcess> {
	const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
	children.push(child);
	await once(child.stdout, 'data');
	return child;
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, 'exit');
	child.kill('SIGKILL');
	await gone;
}

const left = () => readdirSync(cache).sort();

describe('the cache', () => {
	it('forgets what nobody has used for 30 days, and nothing that is not its own', async () => {
		for (const name of ['n8n-2.1.0', 'node-package-0a', 'validators-a', 'notes']) unused(name, 31);
		for (const name of ['n8n-2.41.1', 'node-24', 'node-package-0b']) unused(name, 29);
		expect((await tidyCache(cache)).sort()).toEqual([
			'n8n-2.1.0',
			'node-package-0a',
			'validators-a',
		]);
		expect(left()).toEqual(['n8n-2.41.1', 'node-24', 'node-package-0b', 'notes']);
		expect(await tidyCache(path.join(cache, 'nowhere'))).toEqual([]);
	});

	it('keeps what is used, however long ago it was made', async () => {
		const folder = unused('node-package-0a', 400);
		expect(await noteUse(folder)).toBe(true);
		expect(await noteUse(path.join(cache, 'node-package-0b'))).toBe(false);
		expect(await noteUse(path.join(cache, 'nowhere', 'n8n-1'))).toBe(false);
		expect(await tidyCache(cache)).toEqual([]);
		expect(left()).toEqual(['node-package-0a']);
	});

	it('keeps what a process runs from, stands in or was given, until that has ended', async () => {
		const program = unused('n8n-2.1.0', 90);
		const home = unused('n8n-2.2.0', 90);
		const given = unused('node-package-0a', 90);
		unused('node-package-0', 90);
		const users = [
			await start([path.join(program, 'bin', 'program.js')]),
			await start(['-e', 'process.stdin.resume(); console.log(1)'], home),
			await start(['-e', 'process.stdin.resume(); console.log(1)', `${given}/node_modules/x`]),
		];
		expect(await tidyCache(cache)).toEqual(['node-package-0']);
		await Promise.all(users.map(end));
		expect((await tidyCache(cache)).sort()).toEqual(['n8n-2.1.0', 'n8n-2.2.0', 'node-package-0a']);
		expect(left()).toEqual([]);
	});

	it('forgets drafts of processes that died a day later, and no lock that is held', async () => {
		const drafts = [
			'n8n-2.1.0.draft',
			'node-package-draft-a1B',
			'node-24.4711',
			'draft-x',
			'removed-1-2-0',
		];
		for (const name of drafts) unused(name, 2);
		unused('n8n-2.2.0.draft', 0.5);
		const locks = ['n8n-2.1.0.lock', 'n8n-2.2.0.lock'].map((name) => path.join(cache, name));
		const holders = [{ pid: process.pid, startedAt: 'boot/1' }, selfIdentity()];
		locks.forEach((file, index) => {
			writeFileSync(file, JSON.stringify(holders[index]));
			age(file, 2);
		});
		expect(await tidyCache(cache)).toHaveLength(drafts.length + 1);
		expect(left()).toEqual(['n8n-2.2.0.draft', 'n8n-2.2.0.lock']);
	});

	it('is tidied by several processes at once while others begin to use it', async () => {
		const count = 40;
		const names = Array.from({ length: count }, (_, index) => `node-package-${index}`);
		for (const name of names) unused(name, 31);
		// Each says with its last line what it has got: what it notes is there when it looks, or it is told that it is not.
		const tidier = `const { tidyCache } = await import(${JSON.stringify(TIDY)});
			console.log('ready'); process.stdin.once('data', async () => {
				console.log(JSON.stringify(await tidyCache(${JSON.stringify(cache)}))); process.exit();
			});`;
		const user = `const { noteUse } = await import(${JSON.stringify(TIDY)});
			const { existsSync } = await import('node:fs');
			console.log('ready'); process.stdin.once('data', async () => {
				const kept = [], wrong = [];
				for (const name of ${JSON.stringify(names)}) {
					const folder = ${JSON.stringify(`${cache}/`)} + name;
					if (!(await noteUse(folder))) continue;
					(existsSync(folder + '/bin/program.js') ? kept : wrong).push(name);
				}
				console.log(JSON.stringify({ kept, wrong })); process.exit();
			});`;
		const run = async (script: string) => {
			const child = await start(['--input-type=module', '-e', script]);
			let said = '';
			child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
			return { child, end: once(child, 'close').then(() => JSON.parse(said) as unknown) };
		};
		const runs = await Promise.all([run(tidier), run(user), run(tidier)]);
		for (const { child } of runs) child.stdin?.write('go\n');
		const [one, used, other] = await Promise.all(runs.map(({ end: said }) => said));
		const { kept, wrong } = used as { kept: string[]; wrong: string[] };
		expect(wrong).toEqual([]);
		const gone = [...(one as string[]), ...(other as string[])];
		expect([...gone, ...kept].sort()).toEqual([...names].sort());
		expect(left()).toEqual([...kept].sort());
	});

	it('is listed with its sizes, and with what will go', async () => {
		const big = unused('n8n-2.41.1', 1);
		writeFileSync(path.join(big, 'big'), Buffer.alloc(3_000_000, 1));
		age(big, 1);
		unused('node-package-0a', 31);
		unused('node-package-0b', 1);
		const [finding] = await examineCache(cache);
		expect(finding).toMatchObject({ state: 'ok', subject: 'cache' });
		expect(finding?.detail).toMatch(/n8n [34] MB, 2 × node-package 1 MB; 1 MB unused goes/);
		expect(existsSync(path.join(cache, 'node-package-0a'))).toBe(true);
		expect(statSync(big).mtimeMs).toBeLessThan(Date.now() - DAY_MS / 2);
		expect(await examineCache(path.join(cache, 'nowhere'))).toEqual([]);
	});
});
