import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { layoutOf } from '../src/layout.ts';
import { takeLock } from '../src/lock.ts';
import {
	identify,
	isAlive,
	MARKER,
	signalGroup,
	type ProcessIdentity,
} from '../src/process-identity.ts';
import { reclaim } from '../src/reclaim.ts';
import { superviseAlone, writeRun } from '../src/run-file.ts';

const SLEEPER = 'setInterval(() => undefined, 1000)';
let folder: string;
let children: ChildProcess[] = [];

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'autopilot-processes-'));
});
afterEach(() => {
	for (const child of children) child.kill('SIGKILL');
	children = [];
	rmSync(folder, { recursive: true, force: true });
});

function start(script: string, env: Record<string, string> = {}): ProcessIdentity {
	const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore', env });
	children.push(child);
	const identity = child.pid === undefined ? undefined : identify(child.pid);
	if (identity === undefined) throw new Error('The child did not start.');
	return identity;
}

async function deadProcess(): Promise<ProcessIdentity> {
	const identity = start('');
	const child = children.at(-1);
	if (child !== undefined && child.exitCode === null) await once(child, 'exit');
	return identity;
}

describe('the identity of a process', () => {
	it('ends with the process', async () => {
		expect(isAlive(await deadProcess())).toBe(false);
	});

	it('is not that of a later process with the same pid, which no signal reaches', () => {
		const living = start(SLEEPER);
		const earlier = { pid: living.pid, startedAt: 'boot/1' };
		expect(isAlive(earlier)).toBe(false);
		expect(signalGroup(earlier, 'SIGKILL')).toBe(false);
		expect(isAlive(living)).toBe(true);
	});
});

describe('a lock', () => {
	it('names the living process that holds it', () => {
		const file = path.join(folder, 'lock');
		const release = takeLock(file);
		expect(takeLock(file)).toEqual(identify(process.pid));
		if (typeof release === 'function') release();
		expect(existsSync(file)).toBe(false);
	});

	it('of a dead process is taken over', async () => {
		const file = path.join(folder, 'lock');
		writeFileSync(file, JSON.stringify(await deadProcess()));
		expect(typeof takeLock(file)).toBe('function');
		expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identify(process.pid));
	});

	it('keeps a second supervisor out of a data folder', () => {
		const layout = layoutOf({ dataDir: folder });
		const release = superviseAlone(layout);
		expect(() => superviseAlone(layout)).toThrow(`supervised by process ${process.pid}`);
		release();
		const later = superviseAlone(layout);
		// Giving back twice does not take the lock from the next one.
		release();
		expect(() => superviseAlone(layout)).toThrow(`supervised by process ${process.pid}`);
		later();
	});
});

describe('what a killed supervisor leaves behind', () => {
	it('is asked to end, then forgotten', async () => {
		const asked = path.join(folder, 'asked');
		const store = start(
			`process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(asked)}, ''); process.exit() }); require('fs').writeFileSync(${JSON.stringify(`${asked}.ready`)}, ''); ${SLEEPER}`,
		);
		await until(() => existsSync(`${asked}.ready`));
		const layout = layoutOf({ dataDir: folder });
		writeRun(layout, {
			supervisor: { pid: 1, startedAt: 'gone' },
			portBase: 4000,
			startedAt: new Date().toISOString(),
			urls: {},
			components: [
				{ ...store, name: 'store', stopSignal: 'SIGTERM' },
				{ ...(await deadProcess()), name: 'redis', stopSignal: 'SIGTERM' },
			],
		});
		expect(await reclaim(layout)).toEqual(['store']);
		expect(isAlive(store)).toBe(false);
		expect(existsSync(asked)).toBe(true);
		expect(existsSync(layout.runFile)).toBe(false);
	});

	it('includes strays that were never recorded but carry its mark', async () => {
		const stray = start(SLEEPER, { [MARKER]: folder });
		const other = start(SLEEPER, { [MARKER]: `${folder}-other` });
		await reclaim(layoutOf({ dataDir: folder }));
		expect(isAlive(stray)).toBe(false);
		expect(isAlive(other)).toBe(true);
	});
});
