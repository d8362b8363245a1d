import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { Supervised, type ProcessPlan, type ProcessState } from '../src/supervised.ts';

let folder: string;
let running: Supervised[] = [];

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'autopilot-supervised-'));
});
afterEach(async () => {
	await Promise.all(running.map((process) => process.stop({ force: true })));
	running = [];
	rmSync(folder, { recursive: true, force: true });
});

/** A child that says it is ready by a file, which the next start finds deleted. */
function supervise(script: string, plan: Partial<ProcessPlan> = {}) {
	const ready = path.join(folder, 'ready');
	const states: ProcessState[] = [];
	const program = `const ready = () => require('fs').writeFileSync(${JSON.stringify(ready)}, String(process.pid)); ${script}`;
	const supervised: Supervised = new Supervised(
		{
			name: 'child',
			file: process.execPath,
			args: ['-e', program],
			env: {},
			cwd: folder,
			isReady: async () =>
				existsSync(ready) && readFileSync(ready, 'utf8') === String(supervised.pid),
			readyWithinMs: 60_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 60_000,
			...plan,
		},
		folder,
		{ onState: (state) => states.push(state), onProcess: () => undefined },
	);
	running.push(supervised);
	return { supervised, states };
}

const SERVES = 'ready(); setInterval(() => undefined, 1000);';

describe('a supervised process', () => {
	it('is started again after kill -9 and is ready again', async () => {
		const { supervised, states } = supervise(SERVES);
		await supervised.start();
		const first = supervised.pid;
		supervised.kill('SIGKILL');
		await until(() => supervised.restarts === 1);
		await supervised.ready();
		expect(supervised.pid).not.toBe(first);
		expect(states).toEqual(['starting', 'ready', 'crashed', 'starting', 'ready']);
	});

	it('takes its children with it when it dies', async () => {
		const child = path.join(folder, 'grandchild');
		const { supervised } = supervise(
			`const c = require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
			 require('fs').appendFileSync(${JSON.stringify(child)}, c.pid + '\\n'); ${SERVES}`,
		);
		await supervised.start();
		const grandchild = Number(readFileSync(child, 'utf8').split('\n')[0]);
		process.kill(supervised.pid ?? 0, 'SIGKILL');
		await until(() => !isRunning(grandchild));
		expect(isRunning(grandchild)).toBe(false);
	});

	it('that cannot start is told with the end of its log and not tried again', async () => {
		const { supervised } = supervise(`console.error('no such table: lamps'); process.exit(3)`);
		const failure = supervised.start();
		await expect(failure).rejects.toThrow(/child ended with code 3.*no such table: lamps/s);
		await expect(failure).rejects.toMatchObject({ advice: expect.stringContaining('child.log') });
		expect(supervised.restarts).toBe(0);
		expect(supervised.state).toBe('stopped');
	});

	it('that never becomes ready is stopped and told', async () => {
		const { supervised } = supervise('setInterval(() => undefined, 1000)', { readyWithinMs: 300 });
		await expect(supervised.start()).rejects.toThrow(/was not ready/);
		expect(supervised.pid).toBeUndefined();
	});

	it('that ignores the request to stop is killed', async () => {
		const { supervised } = supervise(`process.on('SIGTERM', () => undefined); ${SERVES}`, {
			stopWithinMs: 200,
		});
		await supervised.start();
		const pid = supervised.pid ?? 0;
		await supervised.stop();
		expect(isRunning(pid)).toBe(false);
	});

	it('is not started again when it was stopped', async () => {
		const { supervised, states } = supervise(SERVES);
		await supervised.start();
		await supervised.stop();
		expect(supervised.restarts).toBe(0);
		expect(states.at(-1)).toBe('stopped');
	});

	it('writes to a log that is kept over starts', async () => {
		const { supervised } = supervise(`console.log('hello'); ${SERVES}`);
		appendFileSync(supervised.logFile, 'from an earlier run\n');
		await supervised.start();
		await until(() => readFileSync(supervised.logFile, 'utf8').includes('hello'));
		expect(readFileSync(supervised.logFile, 'utf8')).toMatch(
			/^from an earlier run\n--- .* child starts\nhello/,
		);
	});
});

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
	} catch {
		return false;
	}
}
