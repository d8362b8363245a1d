import { execFile, spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@autopilot/postgres/testing';
import { projectRoot } from '@autopilot/stack';

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
let folder: string;
let log: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-logs-'));
	await mkdir(path.join(folder, 'logs'));
	log = path.join(folder, 'logs', 'video-factory-worker.log');
	const lines = Array.from({ length: 5000 }, (_, index) => `line ${index + 1} größe`);
	await writeFile(log, `${lines.join('\n')}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('autopilot logs', () => {
	it('prints the last lines, also by the short name of a component', async () => {
		const args = [main, 'logs', 'video-worker', '-n', '2', '--data', folder];
		const { stdout } = await promisify(execFile)(process.execPath, args);
		expect(stdout).toBe('line 4999 größe\nline 5000 größe\n');
	});

	it('goes on with what comes when it follows', async () => {
		const args = [main, 'logs', 'video-worker', '-f', '-n', '1', '--data', folder];
		const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		let printed = '';
		child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
		try {
			await until(() => printed === 'line 5000 größe\n');
			await until(async () => {
				await appendFile(log, 'one more\n');
				return printed.includes('one more');
			});
		} finally {
			child.kill('SIGKILL');
		}
		expect(printed).toMatch(/^line 5000 größe\n(one more\n)+$/);
	});

	it('names the logs there are when that one is not', async () => {
		const failure = promisify(execFile)(process.execPath, [
			main,
			'logs',
			'kitchen',
			'--data',
			folder,
		]);
		await expect(failure).rejects.toMatchObject({
			code: 2,
			stderr: expect.stringContaining('video-factory-worker'),
		});
	});
});
