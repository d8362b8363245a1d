import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@autopilot/stack';
import { isFacts } from '@autopilot/workflow-kit';
import { readNodeTypes } from '../src/workflows/node-types.ts';

const main = path.join(projectRoot, 'packages', 'cli', 'src', 'main.ts');
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Variables = Record<string, string>;

function workflows(...given: [Variables | string, ...string[]]) {
	const [first, ...rest] = given;
	const [variables, args] = typeof first === 'string' ? [{}, [first, ...rest]] : [first, rest];
	const env = { ...process.env, ...variables };
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		const parameters = [main, 'workflows', ...args];
		execFile(process.execPath, parameters, { cwd: folder, env }, (error, stdout, stderr) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
		});
	});
}

const hourly = { field: 'seconds', secondsInterval: 5 };
const workflow = (nodes: object[], connections = {}) =>
	JSON.stringify({
		...{ id: 'example', name: 'Example', nodes, connections, settings: { executionOrder: 'v1' } },
	});
const every = (more: object = {}) => ({
	...{ id: 'a', name: 'Every', type: 'n8n-nodes-base.scheduleTrigger', typeVersion: 1.2 },
	...{ position: [0, 0], parameters: { rule: { interval: [hourly] } }, ...more },
});

describe('autopilot workflows lint', () => {
	it('ends with 1 for an error and names its place, with 0 when n8n takes the file', async () => {
		await writeFile(path.join(folder, 'bad.json'), workflow([every(), every()]));
		await writeFile(path.join(folder, 'good.json'), workflow([every()]));
		const bad = await workflows('lint', 'bad.json', '--profile', 'import');
		expect(bad.code).toBe(1);
		expect(bad.stdout).toContain('node-name-duplicate');
		const good = await workflows('lint', 'good.json', '--profile', 'import');
		expect(good.code).toBe(0);
	});

	it('ends with 1 for a warning when it is strict', async () => {
		await writeFile(path.join(folder, 'often.json'), workflow([every()]));
		const lax = await workflows('lint', 'often.json', '--json');
		expect(JSON.parse(lax.stdout).findings).toMatchObject([{ code: 'schedule-too-frequent' }]);
		expect(lax.code).toBe(0);
		expect((await workflows('lint', 'often.json', '--strict')).code).toBe(1);
	});

	it('leaves out what lint.json excuses, until its day has come', async () => {
		const lint = (until: string) =>
			JSON.stringify({
				exemptions: [
					{ rule: 'schedule-too-frequent', reason: 'The scale sends no events.', until },
				],
			});
		await writeFile(path.join(folder, 'often.json'), workflow([every()]));
		await writeFile(path.join(folder, 'lint.json'), lint('2099-01-01'));
		expect((await workflows('lint', 'often.json', '--strict')).code).toBe(0);
		await writeFile(path.join(folder, 'lint.json'), lint('2020-01-01'));
		const late = await workflows('lint', 'often.json');
		expect(late.code).toBe(1);
		expect(late.stdout).toContain('exemption-expired');
	});

	it('knows n8n’s nodes from a facts file', async () => {
		const facts = {
			format: 1,
			credentials: [],
			nodes: [
				{
					...{ type: 'n8n-nodes-base.scheduleTrigger', versions: [1.2], trigger: true },
					...{ inputs: [], outputs: [{ type: 'main' }], credentials: [], parameters: [] },
				},
			],
		};
		await writeFile(path.join(folder, 'facts.json'), JSON.stringify(facts));
		await writeFile(path.join(folder, 'new.json'), workflow([every({ typeVersion: 9 })]));
		const { stdout, code } = await workflows('lint', 'new.json', '--facts', 'facts.json');
		expect(stdout).toContain('type-version-unknown');
		expect(code).toBe(1);
		const missing = await workflows('lint', 'new.json', '--facts', 'nothing.json');
		expect(missing.code).toBe(2);
	});
});

describe('autopilot workflows lint --env', () => {
	const environments = {
		environments: {
			prod: {
				...{ url: 'https://n8n.shop.example', apiKeyVariable: 'NOT_SET_ANYWHERE' },
				policies: { pinnedData: 'forbid', testUrls: 'forbid', timeLimitSeconds: 60 },
			},
		},
	};
	const call = {
		...{ id: 'b', name: 'Call', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 },
		...{ position: [200, 0], parameters: { url: 'http://localhost:4001/x' } },
	};
	const connections = { Every: { main: [[{ node: 'Call', type: 'main', index: 0 }]] } };
	const lint = (...args: string[]) =>
		workflows('lint', 'calls.json', '--profile', 'import', ...args);

	beforeEach(async () => {
		await writeFile(path.join(folder, 'calls.json'), workflow([every(), call], connections));
		await writeFile(path.join(folder, 'environments.json'), JSON.stringify(environments));
	});

	it('finds what the environment forbids, with its place, without its secrets', async () => {
		const { code, stdout } = await lint('--env', 'prod', '--json');
		expect(JSON.parse(stdout).findings).toMatchObject([
			{ code: 'policy-timeLimit', pointer: '/settings', path: 'calls.json' },
			{ code: 'policy-testUrls', pointer: '/nodes/1/parameters/url', node: 'Call', line: 1 },
		]);
		expect(code).toBe(1);
	});

	it('says so in every format', async () => {
		const sarif = JSON.parse((await lint('--env', 'prod', '--format', 'sarif')).stdout);
		expect(sarif.runs[0].tool.driver.rules[1]).toMatchObject({
			id: 'policy-timeLimit',
			shortDescription: { text: expect.stringContaining('time limit') },
		});
		const { stdout } = await lint('--env', 'prod', '--format', 'github');
		expect(stdout).toMatch(/^::error .*calls\.json.*policy-testUrls/m);
		expect((await lint('--env', 'prod')).stdout).toContain('policy-testUrls');
	});

	it('ends with 0 where nothing is forbidden, and with 2 for an environment that is not there', async () => {
		expect((await lint()).code).toBe(0);
		const none = await lint('--env', 'staging');
		expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('It has prod') });
		const gone = await lint('--env', 'prod', '--environments', 'gone.json');
		expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('gone.json') });
	});
});

describe('autopilot workflows rules', () => {
	it('explains a rule with a bad and a good example', async () => {
		const { stdout, code } = await workflows('rules', 'expression-without-equals');
		expect(code).toBe(0);
		expect(stdout).toContain('"{{ $json.title }}"');
		expect(stdout).toContain('"={{ $json.title }}"');
		expect((await workflows('rules', 'no-such-rule')).code).toBe(2);
	});

	it('lists all of them', async () => {
		const { stdout } = await workflows('rules', '--json');
		expect(JSON.parse(stdout).rules.length).toBeGreaterThan(100);
	});
});

describe('the types of a running n8n', () => {
	let server: Server;
	let url: string;
	/** As n8n does: a cookie for who logs in, 401 for everybody else. */
	beforeAll(async () => {
		const answers: Record<string, unknown> = {
			'/rest/settings': { data: { versionCli: '2.41.1' } },
			'/types/nodes.json': [{ name: 'n8n-nodes-base.set', version: 1, properties: [] }],
			'/types/credentials.json': [{ name: 'smtp' }],
		};
		server = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => {
				if (request.url === '/rest/login') {
					const isOwner = body.includes('"password":"right"');
					response.writeHead(isOwner ? 200 : 401, { 'set-cookie': 'n8n-auth=token; Path=/' });
					response.end('{}');
				} else if (request.headers.cookie !== 'n8n-auth=token') response.writeHead(401).end();
				else response.end(JSON.stringify(answers[request.url ?? '']));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
		const address = server.address();
		url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
	});
	afterAll(() => new Promise((resolve) => server.close(resolve)));

	it('are read after a login', async () => {
		const owner = { email: 'owner@autopilot.example', password: 'right' };
		await expect(readNodeTypes(url, owner)).resolves.toEqual({
			n8nVersion: '2.41.1',
			nodes: [{ name: 'n8n-nodes-base.set', version: 1, properties: [] }],
			credentials: [{ name: 'smtp' }],
		});
		await expect(readNodeTypes(url, { ...owner, password: 'wrong' })).rejects.toThrow(/401/);
	});

	it('become a facts file, and what has changed since the last one is told', async () => {
		const owner = { emailVariable: 'N8N_USER', passwordVariable: 'N8N_PASSWORD' };
		await writeFile(
			path.join(folder, 'environments.json'),
			JSON.stringify({ environments: { test: { url, apiKeyVariable: 'N8N_KEY', owner } } }),
		);
		const secrets = { N8N_KEY: 'k', N8N_USER: 'owner@autopilot.example', N8N_PASSWORD: 'right' };
		const read = () =>
			workflows(secrets, 'facts', '--env', 'test', '--folder', '.', '--out', 'facts.json');
		const first = await read();
		expect(first).toMatchObject({ code: 0 });
		expect(first.stdout).toContain('1 nodes in 1 versions');
		const facts: unknown = JSON.parse(await readFile(path.join(folder, 'facts.json'), 'utf8'));
		expect(isFacts(facts)).toBe(true);
		expect((await read()).stdout).toContain('nothing has changed');
		await writeFile(path.join(folder, 'facts.json'), '{"format":1,"nodes":[],"credentials":[]}');
		expect((await read()).stdout).toContain('new nodes: n8n-nodes-base.set');
	});
});
