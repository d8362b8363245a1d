import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { startFactory, tiny, type Factory } from './factory.ts';

let factory: Factory;
const workers: ChildProcess[] = [];
beforeAll(async () => {
	factory = await startFactory();
});
afterAll(async () => {
	for (const worker of workers) worker.kill('SIGKILL');
	await factory.close();
});

function startWorker(): ChildProcess {
	const file = join(import.meta.dirname, '..', 'src', 'worker.ts');
	const environment = { ...process.env, ...factory.environment, RENDER_CONCURRENCY: '1' };
	const worker = spawn(process.execPath, ['--no-warnings', file], {
		env: environment,
		stdio: 'ignore',
	});
	workers.push(worker);
	return worker;
}

/** Finished segments by path, with the inode: a file that is made again gets another. */
function segments(): Map<string, number> {
	const folder = join(factory.folder, 'work', 'segments');
	const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
	return new Map(
		files.filter((file) => file.endsWith('.mp4')).map((file) => [file, statSync(file).ino]),
	);
}

it('goes on with the missing segments when the worker was killed in mid-render', async () => {
	const script =
		'Meet the Arc Kettle. Any degree you like, for an hour. Get yours today, my friend.';
	const { task_id: id } = await factory.generate({ ...tiny, script });
	const doomed = startWorker();
	const before = await until(
		() => {
			const found = segments();
			return found.size >= 2 && found;
		},
		{ timeoutMs: 120_000, what: 'two finished segments' },
	);
	doomed.kill('SIGKILL');
	expect((await factory.status(id)).status).toBe('running');

	// What the dead worker held is free when its lease has run out; the test does not wait for it.
	await factory.db.query(
		`UPDATE jobs SET lease_until = now() - interval '1 second' WHERE id = $1`,
		[id],
	);
	startWorker();
	const task = await factory.ended(id);

	expect(task).toMatchObject({ status: 'succeeded', attempts: 2 });
	const { rendered = [], reused = [] } = task.receipt?.segments ?? {};
	expect(reused.length).toBeGreaterThanOrEqual(before.size);
	expect(rendered.length).toBeGreaterThan(0);
	expect([...rendered, ...reused].sort()).toEqual([
		...['crossfade-1', 'crossfade-2', 'scene-1', 'scene-2', 'scene-3'],
	]);
	const after = segments();
	for (const [file, inode] of before) expect(after.get(file)).toBe(inode);
}, 400_000);
