import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@autopilot/stack';
import { writePackage, parse } from '@autopilot/workflow-kit';
import { z } from 'zod';
import { readDocuments } from '../src/workflows/inputs.ts';

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
const run = promisify(execFile);
const SECRET = ['q7Rk2', 'mZt9W', 'x4Lp8', 'Vb3Nc'].join('');
let folder: string;

const workflow = (name: string, parameters: object = {}) => ({
	connections: {},
	nodes: [
		{
			...{ parameters, position: [0, 0], typeVersion: 4.2, type: 'n8n-nodes-base.httpRequest' },
			...{ name: 'Call', id: '1' },
		},
	],
	name,
});
const json = (value: unknown) => JSON.stringify(value);

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-workflows-'));
	await mkdir(path.join(folder, 'flows', 'deep'), { recursive: true });
	await mkdir(path.join(folder, 'flows', 'node_modules'), { recursive: true });
	const leaking = { headerParameters: { parameters: [{ name: 'x-api-key', value: SECRET }] } };
	await writeFile(path.join(folder, 'flows', 'b.json'), json(workflow('B')));
	await writeFile(path.join(folder, 'flows', 'deep', 'a.json'), json(workflow('A', leaking)));
	await writeFile(path.join(folder, 'flows', 'package.json'), '{"name":"no workflow"}');
	await writeFile(path.join(folder, 'flows', 'node_modules', 'x.json'), json(workflow('X')));
	const git = (...args: string[]) => run('git', args, { cwd: folder });
	await git('init', '-q');
	await git('add', 'flows/b.json', 'flows/deep', 'flows/package.json');
	const who = ['-c', 'user.name=Test', '-c', 'user.email=test@autopilot.example'];
	await git(...who, 'commit', '-q', '-m', 'flows');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function workflows(...args: string[]) {
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		const parameters = [main, 'workflows', ...args];
		execFile(process.execPath, parameters, { cwd: folder }, (error, stdout, stderr) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
		});
	});
}

describe('the paths of commands', () => {
	const paths = async (...inputs: string[]) =>
		(await readDocuments(inputs, { cwd: folder })).map((document) => document.path);

	it('are files, folders and Git revisions of both', async () => {
		expect(await paths('flows')).toEqual(['flows/b.json', 'flows/deep/a.json']);
		expect(await paths('flows/package.json')).toEqual(['flows/package.json']);
		expect(await paths('HEAD:flows')).toEqual(['HEAD:flows/b.json', 'HEAD:flows/deep/a.json']);
		expect(await paths('HEAD:flows/b.json')).toEqual(['HEAD:flows/b.json']);
	});

	it('are seen from a folder inside the repository', async () => {
		const cwd = path.join(folder, 'flows');
		const documents = await readDocuments(['HEAD:.', 'HEAD:deep/a.json'], { cwd });
		expect(documents.map((document) => document.path)).toEqual([
			...['HEAD:b.json', 'HEAD:deep/a.json', 'HEAD:deep/a.json'],
		]);
	});

	it('are packages, workflow by workflow', async () => {
		const bytes = writePackage(parse([workflow('A'), workflow('B')]).workflows, {
			...{ n8nVersion: '2.41.1', sourceId: 'test' },
		});
		await writeFile(path.join(folder, 'two.n8np'), bytes);
		const documents = await readDocuments(['two.n8np'], { cwd: folder });
		expect(documents.map(({ file }) => file)).toEqual([undefined, undefined]);
		expect(documents.map(({ bytes: inner }) => parse(inner).workflows[0]?.name)).toEqual([
			'A',
			'B',
		]);
	});

	it.each(['nothing.json', 'v9:flows', 'HEAD:nothing', '--output=x:flows'])(
		'that are not there are named: %s',
		async (input) => {
			await expect(readDocuments([input], { cwd: folder })).rejects.toMatchObject({ exitCode: 2 });
		},
	);
});

describe('autopilot workflows', () => {
	it('scan finds secrets without showing them, as SARIF too', async () => {
		const { code, stdout } = await workflows('scan', 'flows', '--format', 'sarif');
		expect(code).toBe(1);
		expect(stdout).not.toContain(SECRET);
		const log = z.object({
			runs: z.array(z.object({ results: z.array(z.object({ ruleId: z.string() })) })),
		});
		expect(log.parse(JSON.parse(stdout)).runs[0]?.results).toEqual([{ ruleId: 'secret-named' }]);
		expect(await workflows('scan', 'flows/b.json')).toMatchObject({ code: 0 });
	});

	it('redact writes a clean workflow on stdout', async () => {
		const { code, stdout, stderr } = await workflows('redact', 'flows/deep/a.json');
		expect(code).toBe(0);
		expect(stdout).not.toContain(SECRET);
		expect(parse(stdout).workflows[0]?.nodes[0]?.credentials).toMatchObject([
			{ type: 'httpHeaderAuth' },
		]);
		expect(stderr).toContain('httpHeaderAuth');
		expect(await workflows('redact', 'flows')).toMatchObject({ code: 2 });
	});

	it('require says what is needed', async () => {
		const { stdout } = await workflows('require', 'HEAD:flows', '--json');
		expect(JSON.parse(stdout)).toMatchObject({
			nodeTypes: [{ type: 'n8n-nodes-base.httpRequest', versions: [4.2], count: 2 }],
		});
	});

	it('fmt --check names what is not canonical, fmt writes it', async () => {
		expect(await workflows('fmt', '--check', 'flows/b.json')).toMatchObject({
			...{ code: 1, stdout: expect.stringContaining('flows/b.json') },
		});
		expect(await workflows('fmt', 'flows/b.json')).toMatchObject({ code: 0 });
		expect(await workflows('fmt', '--check', 'flows/b.json')).toMatchObject({ code: 0 });
		const text = await readFile(path.join(folder, 'flows', 'b.json'), 'utf8');
		expect(text).toMatch(/^\{\n\t"name": "B",\n\t"nodes": \[\n\t\t\{\n\t\t\t"id": "1",/);
	});

	it('names what is broken and ends with 1', async () => {
		await writeFile(path.join(folder, 'broken.json'), '{"nodes": [');
		for (const command of ['fmt', 'scan', 'require']) {
			const { code, stdout } = await workflows(command, 'broken.json');
			expect(code).toBe(1);
			expect(stdout).toContain('Line 1, column 12');
		}
	});
});
