import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { environmentOf, parseEnv, read, ROOT } from './compose-file.ts';

// Stands in for n8n's command line, whose start takes 3 s: keeps its database in one JSON file and, as n8n
// does, skips a file it cannot read without failing, and before its first start refuses to import over a
// workflow that is published.
const N8N = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const db = process.env.FAKE_DB;
const state = fs.existsSync(db) ? JSON.parse(fs.readFileSync(db, 'utf8')) : { workflows: {}, published: [] };
const [command, ...rest] = process.argv.slice(2);
const option = (name) => rest.find((word) => word.startsWith('--' + name + '='))?.split('=')[1];
if (command === 'import:credentials') state.credentials = JSON.parse(fs.readFileSync(option('input'), 'utf8'));
if (command === 'export:workflow') {
	if (Object.keys(state.workflows).length === 0) process.exit(1);
	fs.writeFileSync(option('output'), JSON.stringify(Object.values(state.workflows)));
}
if (command === 'import:workflow') {
	const read = fs.readdirSync(option('input')).map((file) => JSON.parse(fs.readFileSync(path.join(option('input'), file), 'utf8')));
	const good = read.filter((workflow) => workflow.nodes !== undefined);
	if (good.some((workflow) => state.workflows[workflow.id]?.active)) {
		console.log('You do not have permission to deactivate this workflow.');
		process.exit(1);
	}
	for (const workflow of good) state.workflows[workflow.id] = { ...workflow, active: false };
	console.log('Successfully imported ' + good.length + ' workflows.');
}
if (command === 'unpublish:workflow') state.workflows[option('id')].active = false;
if (command === 'publish:workflow') {
	state.workflows[option('id')].active = true;
	state.published.push(option('id'));
}
fs.writeFileSync(db, JSON.stringify(state));
`;

type State = {
	credentials: Array<{ id: string; type: string; data: Record<string, unknown> }>;
	workflows: Record<string, { active: boolean; name: string }>;
	published: string[];
};

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'provision-'));
	// The same files at the same places as docker/n8n.Dockerfile puts them.
	for (const file of [
		'docker/n8n-provision.mts',
		'packages/stack/package.json',
		'packages/stack/src/services.ts',
	]) {
		mkdirSync(join(folder, dirname(file)), { recursive: true });
		cpSync(join(ROOT, file), join(folder, file));
	}
	mkdirSync(join(folder, 'workflows'));
	mkdirSync(join(folder, 'bin'));
	writeFileSync(join(folder, 'bin', 'n8n'), N8N);
	chmodSync(join(folder, 'bin', 'n8n'), 0o755);
	writeWorkflow('launch', { name: 'Launch', nodes: [] });
	writeWorkflow('errors', { name: 'Errors', nodes: [] });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeWorkflow(id: string, content: object): void {
	writeFileSync(join(folder, 'workflows', `${id}.json`), JSON.stringify({ id, ...content }));
}

/** Runs the provisioner with the environment of its container. */
function provision(overrides: Record<string, string> = {}): {
	status: number | null;
	output: string;
} {
	const settings = parseEnv(read('.env.example').replace(/=$/gm, '=a-secret'));
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[join(folder, 'docker', 'n8n-provision.mts')],
		{
			encoding: 'utf8',
			env: {
				...environmentOf('n8n-provision', settings),
				PATH: join(folder, 'bin'),
				FAKE_DB: join(folder, 'db.json'),
				...overrides,
			},
		},
	);
	return { status, output: stdout + stderr };
}

const state = (): State => JSON.parse(readFileSync(join(folder, 'db.json'), 'utf8'));

describe('n8n-provision', () => {
	it('opens the four services and the mail server to n8n', () => {
		expect(provision({ SMTP_URL: 'smtps://user%40shop:p%2Fw@mail.shop.example' }).status).toBe(0);
		const { credentials } = state();
		expect(
			credentials.map(({ id, type, data }) => [id, type, data['baseUrl'] ?? data['host']]),
		).toEqual([
			['apStore', 'autopilotStoreApi', 'http://store:4001'],
			['apMarketing', 'autopilotMarketingSuiteApi', 'http://marketing-suite:4002'],
			['apVideo', 'autopilotVideoFactoryApi', 'http://video-factory:4003'],
			['apResearch', 'autopilotResearchBotApi', 'http://research-bot:4004'],
			['apSmtp', 'smtp', 'mail.shop.example'],
		]);
		expect(credentials.at(-1)?.data).toMatchObject({
			user: 'user@shop',
			password: 'p/w',
			port: 465,
			secure: true,
		});
	});

	it('imports and publishes every workflow into an empty n8n', () => {
		expect(provision().status).toBe(0);
		expect(state().published.sort()).toEqual(['errors', 'launch']);
	});

	it('leaves what has not changed in production, and brings in what has', () => {
		provision();
		writeWorkflow('launch', { name: 'Launch, better', nodes: [] });
		provision();
		expect(state().published.sort()).toEqual(['errors', 'launch', 'launch']);
		expect(state().workflows['launch']).toMatchObject({ name: 'Launch, better', active: true });
	});

	it('does not start a workflow again that somebody has stopped', () => {
		provision();
		const stopped = state();
		Object.assign(stopped.workflows['launch'] ?? {}, { active: false });
		writeFileSync(join(folder, 'db.json'), JSON.stringify(stopped));
		expect(provision().output).toContain('launch is not published');
		expect(state().workflows['launch']?.active).toBe(false);
	});

	it('fails when n8n skipped a workflow, so that n8n-main does not start without it', () => {
		writeWorkflow('launch', { name: 'no nodes' });
		const { status, output } = provision();
		expect(status).toBe(1);
		expect(output).toContain('Not all workflows were imported');
	});

	it('names the variable that is missing and leaves no secrets behind', () => {
		const temporary = join(folder, 'tmp');
		mkdirSync(temporary);
		expect(provision({ STORE_API_KEY: '', TMPDIR: temporary }).output).toContain(
			'STORE_API_KEY is not set',
		);
		expect(provision({ TMPDIR: temporary }).status).toBe(0);
		expect(readdirSync(temporary)).toEqual([]);
	});
});
