import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@autopilot/stack';
import { z } from 'zod';
import { buildProgram } from '../src/program.ts';

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function autopilot(...args: string[]) {
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		execFile(process.execPath, [main, ...args], { cwd: folder }, (error, stdout, stderr) =>
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
		);
	});
}

describe('the command line', () => {
	it('explains every command', () => {
		for (const command of buildProgram().commands) {
			expect(`${command.name()}: ${command.description()}`).toMatch(/: \S.{20,}/);
			expect(`${command.name()}: ${command.summary()}`).toMatch(/: \S.{10,}/);
		}
	});

	it('ends with 0 after help and with 2 after a wrong command line', async () => {
		expect(await autopilot('up', '--help')).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('--port-base'),
		});
		expect(await autopilot('fly')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("'fly'"),
		});
		expect((await autopilot('up', '--port-base', 'many')).code).toBe(2);
		expect((await autopilot('up', '--port-base', '80', '--data', folder)).code).toBe(2);
	});

	it('ends with 4 and a remedy when no stack runs', async () => {
		const status = await autopilot('status', '--data', folder);
		expect(status).toMatchObject({ code: 4, stderr: expect.stringContaining('./autopilot up') });
		const keys = await autopilot('keys', 'list', '--service', 'store', '--data', folder);
		expect(keys).toMatchObject({ code: 4, stderr: expect.stringContaining('No stack is ready') });
	});

	it('prints nothing but JSON on stdout with --json', async () => {
		const { stdout } = await autopilot('status', '--json', '--data', folder);
		expect(z.object({ state: z.string() }).parse(JSON.parse(stdout)).state).toBe('stopped');
		const down = await autopilot('down', '--json', '--data', folder);
		expect(JSON.parse(down.stdout)).toEqual({ stopped: false, deleted: false });
		expect(down.code).toBe(0);
	});

	it('prints a product file that a launch would take', async () => {
		const { stdout } = await autopilot('launch', '--example');
		expect(JSON.parse(stdout)).toMatchObject({
			title: expect.any(String),
			variants: expect.any(Array),
		});
	});

	it('names the product file that cannot be read', async () => {
		await writeFile(path.join(folder, 'lamp.json'), '{"title": ');
		const { code, stderr } = await autopilot('launch', 'lamp.json', '--data', folder);
		expect(code).toBe(2);
		expect(stderr).toContain('lamp.json');
		expect(stderr).toContain('--example');
	});
});
