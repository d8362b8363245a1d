import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '@autopilot/stack';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';

// The command as an operator runs it, on a folder of its own.

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
let folder: string;

const node = (id: string, name: string, type: string, typeVersion: number, parameters: object) => ({
	...{ id, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters },
});
const isGreen = {
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'c',
				leftValue: '={{ $json.colour }}',
				rightValue: 'green',
				operator: { type: 'string', operation: 'equals' },
			},
		],
	},
	options: {},
};
const workflow = {
	id: 'light',
	name: 'Light',
	nodes: [node('a', 'Start', 'manualTrigger', 1, {}), node('b', 'Green?', 'if', 2.2, isGreen)],
	connections: { Start: { main: [[{ node: 'Green?', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
};
const cases = (expected: string) => ({
	workflow: 'light',
	cases: [
		{
			name: 'goes at green',
			items: [{ colour: 'green' }],
			expect: { branches: { 'Green?': [expected] } },
		},
	],
});

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-workflows-test-'));
	await mkdir(path.join(folder, 'tests'));
	await writeFile(path.join(folder, 'light.json'), JSON.stringify(workflow));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	const all = [main, 'workflows', 'test', '--folder', folder, ...args];
	return new Promise((resolve) => {
		execFile(process.execPath, all, (error, stdout, stderr) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
		});
	});
}

const report = z.object({
	passed: z.number(),
	coverage: z.array(z.object({ workflow: z.string(), branchPercent: z.number() })),
});

it('ends with 0 when all is well, and with 1 when a case fails or too little is covered', async () => {
	const file = path.join(folder, 'tests', 'light.test.json');
	await writeFile(file, JSON.stringify(cases('true')));
	const [fine, poor] = await Promise.all([run('--json'), run('--coverage', '100')]);
	expect(fine.code).toBe(0);
	expect(report.parse(JSON.parse(fine.stdout))).toEqual({
		passed: 1,
		coverage: [{ workflow: 'light', branchPercent: 50 }],
	});
	expect(poor.code).toBe(1);
	expect(poor.stderr).toContain('light: 50 % is less than 100 %');
	expect(poor.stdout).toContain('not touched: "Green?" false');

	await writeFile(file, JSON.stringify(cases('false')));
	const failed = await run();
	expect(failed.code).toBe(1);
	expect(failed.stdout).toContain('"Green?" gave items to true; expected false');
});
