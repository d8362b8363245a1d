import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { watchFiles } from '../src/workflows/watch.ts';

let folder: string;
let ended: AbortController;
beforeEach(async () => {
	ended = new AbortController();
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-watch-'));
	await mkdir(path.join(folder, 'tests'));
});
afterEach(async () => {
	ended.abort();
	await rm(folder, { recursive: true, force: true });
});

it('names each JSON file that changes, once for changes at once, until it is told to end', async () => {
	const folders = [folder, path.join(folder, 'tests'), path.join(folder, 'not-there')];
	const changes = watchFiles(folders, ended.signal);
	const next = () => changes.next();
	// Asked before it changes: a generator watches from its first question on.
	const first = next();
	await writeFile(path.join(folder, 'notes.txt'), 'no workflow');
	// In one go: on a slow machine changes one after the other may not be changes at once.
	for (const text of ['{', '{}', '{ }']) writeFileSync(path.join(folder, 'a.json'), text);
	expect(await first).toEqual({ done: false, value: 'a.json' });

	const second = next();
	await writeFile(path.join(folder, 'tests', 'a.test.json'), '{}');
	expect(await second).toEqual({ done: false, value: 'a.test.json' });

	const third = next();
	ended.abort();
	expect(await third).toEqual({ done: true, value: undefined });
});
