import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@autopilot/stack';

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
const run = promisify(execFile);
let folder: string;

const node = (id: string, name: string, x: number, parameters: object = {}) => ({
	id,
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	position: [x, 0],
	parameters,
});
const orders = (url: string, extra: object[] = []) =>
	JSON.stringify({
		id: 'orders',
		name: 'Orders',
		nodes: [node('1', 'Begin', 0), node('2', 'Call', 240, { url }), ...extra],
		connections: { Begin: { main: [[{ node: 'Call', type: 'main', index: 0 }]] } },
		settings: {},
	});

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-pictures-'));
	await mkdir(path.join(folder, 'flows'));
	await writeFile(path.join(folder, 'flows/orders.json'), orders('https://a.example'));
	await writeFile(
		path.join(folder, 'flows/refunds.json'),
		orders('https://r.example').replaceAll('rders', 'efunds'),
	);
	await git('init', '-q');
	await git('add', '.');
	await git('commit', '-q', '-m', 'first');
	await writeFile(
		path.join(folder, 'flows/orders.json'),
		orders('https://b.example', [node('3', 'Mail', 480)]),
	);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function git(...args: string[]) {
	return run('git', ['-c', 'user.name=T', '-c', 'user.email=t@autopilot.example', ...args], {
		cwd: folder,
	});
}

function workflows(...args: string[]) {
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		execFile(
			process.execPath,
			[main, 'workflows', ...args],
			{ cwd: folder },
			(error, stdout, stderr) =>
				resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
		);
	});
}

const read = (name: string) => readFile(path.join(folder, name), 'utf8');

describe('workflows draw', () => {
	it('writes one picture to stdout or a file, in the format of its ending', async () => {
		expect((await workflows('draw', 'flows/orders.json')).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
		await workflows('draw', 'flows/orders.json', '--out', 'orders.png', '--width', '320');
		const png = await readFile(path.join(folder, 'orders.png'));
		expect(png.readUInt32BE(16)).toBe(320);
		const { stdout } = await workflows('draw', 'flows/orders.json', '--format', 'mermaid');
		expect(stdout).toContain('n1 --> n2');
	});

	it('wants a folder for several', async () => {
		expect(await workflows('draw', 'flows')).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('--out'),
		});
		await workflows('draw', 'flows', '--theme', 'dark', '--out', 'pictures');
		expect(await read('pictures/refunds.svg')).toContain('#171717');
	});

	it('makes a gallery, and says when it is out of date', async () => {
		expect((await workflows('draw', '--gallery', 'flows', '--check')).code).toBe(1);
		await workflows('draw', '--gallery', 'flows');
		expect(await read('flows/README.md')).toContain('src="pictures/orders.svg"');
		expect((await workflows('draw', '--gallery', 'flows', '--check')).code).toBe(0);
	});
});

describe('workflows diff', () => {
	it('compares a revision with the files', async () => {
		const { stdout, code } = await workflows('diff', 'HEAD', 'flows/');
		expect(code).toBe(0);
		expect(stdout).toContain('+ Mail');
		expect(stdout).toContain('parameters.url: "https://a.example" -> "https://b.example"');
		expect(stdout).not.toContain('refunds');
	});

	it('has JSON, Markdown, a picture and an exit code', async () => {
		const json = await workflows('diff', 'HEAD', 'flows', '--json', '--exit-code');
		expect(json.code).toBe(1);
		expect(JSON.parse(json.stdout)).toMatchObject({
			workflows: [{ path: 'flows/orders.json', added: [{ name: 'Mail' }] }],
		});
		const markdown = await workflows('diff', 'HEAD', 'flows/orders.json', '--format', 'markdown');
		expect(markdown.stdout).toContain('- **added** Mail');
		const svg = await workflows('diff', 'HEAD', 'flows/orders.json', '--format', 'svg');
		expect(svg.stdout).toContain('>1 added<');
		const same = await workflows('diff', 'HEAD:flows', 'HEAD:flows', '--exit-code');
		expect(same).toMatchObject({ code: 0, stdout: '' });
	});

	it('says what is missing', async () => {
		expect((await workflows('diff', 'flows')).code).toBe(2);
		expect((await workflows('diff', 'nothere', 'flows')).code).toBe(2);
	});
});

describe('workflows merge', () => {
	it('works as a merge driver of Git', async () => {
		const driver = `${process.execPath} ${main} workflows merge %O %A %B --out %A`;
		await git('config', 'merge.workflow.driver', driver);
		await writeFile(path.join(folder, '.git/info/attributes'), 'flows/*.json merge=workflow\n');
		await git('checkout', '-q', '-b', 'ours');
		await git('commit', '-q', '-a', '-m', 'url and mail');
		await git('checkout', '-q', '-b', 'theirs', 'HEAD~1');
		const theirs = orders('https://a.example').replace(
			'"settings":{}',
			'"settings":{"timezone":"Etc/UTC"}',
		);
		await writeFile(path.join(folder, 'flows/orders.json'), theirs);
		await git('commit', '-q', '-a', '-m', 'timezone');
		await git('checkout', '-q', 'ours');
		await git('merge', '-q', '--no-edit', 'theirs');
		const merged: unknown = JSON.parse(await read('flows/orders.json'));
		expect(merged).toMatchObject({
			nodes: [
				{ name: 'Begin' },
				{ name: 'Call', parameters: { url: 'https://b.example' } },
				{ name: 'Mail' },
			],
			settings: { timezone: 'Etc/UTC' },
		});
	});

	it('names conflicts and ends with 1', async () => {
		await writeFile(path.join(folder, 'base.json'), orders('https://a.example'));
		await writeFile(path.join(folder, 'one.json'), orders('https://1.example'));
		await writeFile(path.join(folder, 'two.json'), orders('https://2.example'));
		const { code, stdout, stderr } = await workflows('merge', 'base.json', 'one.json', 'two.json');
		expect(code).toBe(1);
		expect(stderr).toContain('Call: parameters.url');
		expect(stdout).toContain('https://1.example');
	});
});

describe('our own gallery', () => {
	it('is what the workflows give today', async () => {
		const { stdout, code } = await new Promise<{ stdout: string; code: number }>((resolve) => {
			execFile(
				process.execPath,
				[main, 'workflows', 'draw', '--gallery', 'workflows', '--check'],
				{ cwd: projectRoot },
				(error, text) => resolve({ stdout: text, code: error === null ? 0 : 1 }),
			);
		});
		expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
	});
});
