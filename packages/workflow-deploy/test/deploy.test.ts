import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deleteStack, findPortBase, type Stack, startStack } from '@autopilot/stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
	apply,
	type ApplyProgress,
	findDrift,
	makePlan,
	notForFiles,
	openTarget,
	plainEnvironment,
	pull,
	readFolder,
	readRevision,
	type Target,
} from '../src/index.ts';
import { errorHandler, folderOf, hook, type Sample, sub } from './workflows.ts';

// Against a real n8n on PostgreSQL, started once.

const MINUTES = 60_000;
let stack: Stack;
let target: Target;
let dataDir: string;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-deploy-'));
	const { PATH, HOME, XDG_CACHE_HOME } = process.env;
	stack = await startStack({
		...{ dataDir, portBase: await findPortBase(), only: ['n8n'], workflows: false },
		environment: { PATH, HOME, XDG_CACHE_HOME },
	});
	target = await open();
}, 10 * MINUTES);
afterAll(async () => {
	await stack?.stop();
	await deleteStack(dataDir);
});

async function open(settings: Partial<Target['environment']> = {}): Promise<Target> {
	const { ownerEmail: email, ownerPassword: password, apiKey = '' } = stack.secrets.n8n;
	const plain = plainEnvironment('test', stack.urls.n8n, apiKey);
	return await openTarget({ ...plain, owner: { email, password }, ...settings });
}

/** What the production webhook of a workflow says. */
async function call(id: string): Promise<string> {
	const response = await fetch(`${stack.urls.n8n}/webhook/${id}`, { method: 'POST' });
	return `${response.status}`;
}

async function published(id: string): Promise<string | undefined> {
	const { published: version } = await target.instance.workflow(id);
	return JSON.stringify(version?.content.nodes.find(({ name }) => name === 'Say'));
}

/** Saves another text as somebody does who works in the editor. */
async function editInEditor(id: string, text: string, { publish = true } = {}): Promise<void> {
	const { draft } = await target.instance.workflow(id);
	const nodes = draft.nodes.map((node) =>
		node['name'] === 'Say'
			? {
					...node,
					parameters: JSON.parse(
						JSON.stringify(node['parameters']).replace(/"value":"[^"]*"/, `"value":"${text}"`),
					),
				}
			: node,
	);
	const saved = await target.instance.save(id, { ...draft, nodes });
	if (publish) await target.instance.publish(id, saved.versionId);
}

async function applyFolder(folder: string, options: Parameters<typeof apply>[2] = {}) {
	return await apply(target, await readFolder(folder), options);
}

async function statuses(folder: string): Promise<Record<string, string>> {
	const { drifts } = await findDrift(target, await readFolder(folder));
	// The other tests' workflows are in this n8n, too, and in none of these files.
	const ours = drifts.filter(({ status }) => status !== 'left-files');
	return Object.fromEntries(ours.map(({ id, status }) => [id, status]));
}

describe('apply', () => {
	it('brings twenty workflows into production, what is called before what calls it, and keeps their ids', async () => {
		const samples: Sample[] = [
			hook('a-first', 'one', { calls: 'z-child', settings: { errorWorkflow: 'y-errors' } }),
			sub('z-child'),
			errorHandler('y-errors'),
			...Array.from({ length: 17 }, (_, index) => hook(`many-${index}`, 'one')),
		];
		const files = await folderOf(samples);
		const order: string[] = [];
		const onProgress = ({ phase, id = '' }: ApplyProgress) => phase === 'switch' && order.push(id);
		const { changed } = await applyFolder(files.folder, { onProgress });
		expect(changed).toHaveLength(20);
		expect(order.indexOf('z-child')).toBeLessThan(order.indexOf('a-first'));
		expect(order.indexOf('y-errors')).toBeLessThan(order.indexOf('a-first'));
		expect(await published('many-7')).toContain('one');
		expect(await call('many-7')).toBe('200');
		const { draft } = await target.instance.workflow('a-first');
		expect(draft.settings).toMatchObject({ errorWorkflow: 'y-errors', executionTimeout: 60 });

		expect((await applyFolder(files.folder)).changed).toEqual([]);
		expect(new Set(Object.values(await statuses(files.folder)))).toEqual(new Set(['in-sync']));
		await files.remove();
	});

	it('takes a setting away that the file no longer has, and says only what changes', async () => {
		const files = await folderOf([hook('settled', 'one')]);
		await applyFolder(files.folder);
		const { settings, ...rest } = hook('settled', 'one');
		await files.write({ ...rest, settings: { executionOrder: settings['executionOrder'] } });
		expect((await applyFolder(files.folder)).changed).toEqual([
			{ id: 'settled', action: 'update' },
		]);
		const { draft, published: version } = await target.instance.workflow('settled');
		expect(draft.settings['executionTimeout']).toBeUndefined();
		expect(version).toBeDefined();
		await files.remove();
	});

	it('touches nothing when one file among many is broken, and names it', async () => {
		const files = await folderOf(
			Array.from({ length: 19 }, (_, index) => hook(`fine-${index}`, 'one')),
			{ 'broken.json': JSON.stringify(hook('broken', 'one')).slice(0, 40) },
		);
		await expect(applyFolder(files.folder)).rejects.toThrow(/Nothing was applied[^]*broken\.json/);
		const there = await target.instance.workflows();
		expect(there.filter(({ id }) => id.startsWith('fine-'))).toEqual([]);
		await files.remove();
	});

	it('touches nothing when a credential is missing; a binding gives it another', async () => {
		const credential = { id: 'nowhere', name: 'Shop mail' };
		const files = await folderOf([hook('mails', 'one', { credential }), hook('no-mails', 'one')]);
		await expect(applyFolder(files.folder)).rejects.toThrow(
			/"Mail" uses a credential of type smtp \("Shop mail", id nowhere\)/,
		);
		await expect(target.instance.workflow('no-mails')).rejects.toThrow(/404/);

		const bindings = {
			credentials: [{ type: 'smtp', from: 'Shop mail', to: 'Autopilot mail' }],
			urls: {},
			workflows: {},
		};
		const bound = await open({ bindings });
		await apply(bound, await readFolder(files.folder));
		const { draft } = await target.instance.workflow('mails');
		expect(draft.nodes.find(({ name }) => name === 'Mail')).toMatchObject({
			credentials: { smtp: { id: 'apSmtp', name: 'Autopilot mail' } },
		});
		const only = ['mails', 'no-mails'];
		const pulled = await pull(bound, await readFolder(files.folder), {
			folder: files.folder,
			only,
		});
		expect(pulled.map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
		await files.remove();
	});

	it('puts everything back when n8n refuses one in the middle', async () => {
		const files = await folderOf([hook('b-one', 'one'), hook('b-two', 'one')]);
		await applyFolder(files.folder);
		// The path of the second one is taken by a workflow that is in production already.
		await files.write(hook('b-one', 'two'));
		await files.write(hook('b-two', 'two', { path: 'b-one' }));
		await files.write(hook('b-new', 'two'));
		await expect(applyFolder(files.folder)).rejects.toThrow(/Nothing of it was kept/);
		expect(await published('b-one')).toContain('one');
		expect(await published('b-two')).toContain('one');
		await expect(target.instance.workflow('b-new')).rejects.toThrow(/404/);
		await files.remove();
	});
});

describe('an edit in the editor', () => {
	it('is not overwritten unless told so, and makes a saved plan stale', async () => {
		const files = await folderOf([hook('edited', 'one'), hook('calm', 'one')]);
		await applyFolder(files.folder);
		await files.write(hook('edited', 'file'));
		await files.write(hook('calm', 'file'));
		const { filesHash, instanceHash } = await makePlan(target, await readFolder(files.folder));
		await editInEditor('edited', 'editor');

		await expect(
			applyFolder(files.folder, { expected: { filesHash, instanceHash } }),
		).rejects.toThrow(/not as they were when the plan was made/);
		await expect(applyFolder(files.folder)).rejects.toThrow(/"edited" was edited in the editor/);
		expect(await published('calm')).toContain('one');
		expect(await statuses(files.folder)).toEqual({ calm: 'files', edited: 'both' });

		expect((await applyFolder(files.folder, { edited: 'keep' })).changed).toEqual([
			{ id: 'calm', action: 'update' },
		]);
		expect(await published('edited')).toContain('editor');
		await applyFolder(files.folder, { edited: 'overwrite' });
		expect(await published('edited')).toContain('file');
		await files.remove();
	});

	it('that happens while it is applied stops it, and stays', async () => {
		const files = await folderOf([hook('c-one', 'one'), hook('c-two', 'one')]);
		await applyFolder(files.folder);
		await files.write(hook('c-one', 'two'));
		await files.write(hook('c-two', 'two'));
		let isEdited = false;
		const meanwhile: Target = {
			...target,
			instance: {
				...target.instance,
				async save(id, content) {
					if (!isEdited) await editInEditor('c-two', 'editor', { publish: false });
					isEdited = true;
					return await target.instance.save(id, content);
				},
			},
		};
		await expect(apply(meanwhile, await readFolder(files.folder))).rejects.toThrow(
			/"c-two" was edited in the editor in this moment/,
		);
		expect(await published('c-one')).toContain('one');
		expect(JSON.stringify((await target.instance.workflow('c-two')).draft)).toContain('editor');
		expect(await statuses(files.folder)).toEqual({ 'c-one': 'files', 'c-two': 'both' });
		await files.remove();
	});

	it('comes back into the file by pull, and nothing else does', async () => {
		const files = await folderOf([hook('pulled', 'one'), hook('pulled-not', 'one')]);
		await applyFolder(files.folder);
		const before = await readFile(path.join(files.folder, 'pulled-not.json'), 'utf8');
		await editInEditor('pulled', 'from the editor');
		expect(await statuses(files.folder)).toEqual({ pulled: 'editor', 'pulled-not': 'in-sync' });

		const only = ['pulled', 'pulled-not'];
		const pulled = await pull(target, await readFolder(files.folder), {
			folder: files.folder,
			only,
		});
		expect(pulled.map(({ id, result, changes }) => [id, result, changes])).toEqual([
			['pulled', 'written', ['~ Say', expect.stringContaining('"one" -> "from the editor"')]],
			['pulled-not', 'unchanged', []],
		]);
		const text = await readFile(path.join(files.folder, 'pulled.json'), 'utf8');
		const file = JSON.parse(text);
		expect(text).toContain('from the editor');
		expect(Object.keys(file)).toEqual(['id', 'name', 'nodes', 'connections', 'settings']);
		expect(file).toEqual(JSON.parse(JSON.stringify(hook('pulled', 'from the editor'))));
		expect(await readFile(path.join(files.folder, 'pulled-not.json'), 'utf8')).toBe(before);
		expect(await statuses(files.folder)).toEqual({ pulled: 'in-sync', 'pulled-not': 'in-sync' });
		await files.remove();
	});

	it('is merged with an edit of the file, unless both changed the same thing', async () => {
		const files = await folderOf([hook('merged', 'one')]);
		await applyFolder(files.folder);
		const text = () => readFile(path.join(files.folder, 'merged.json'), 'utf8');
		const pullOne = async () =>
			await pull(target, await readFolder(files.folder), {
				folder: files.folder,
				only: ['merged'],
			});
		await files.write(hook('merged', 'one', { settings: { executionTimeout: 30 } }));
		await editInEditor('merged', 'editor');
		expect((await pullOne()).map(({ result }) => result)).toEqual(['merged']);
		expect(JSON.parse(await text())).toEqual(
			JSON.parse(JSON.stringify(hook('merged', 'editor', { settings: { executionTimeout: 30 } }))),
		);
		expect(await statuses(files.folder)).toEqual({ merged: 'files' });
		await applyFolder(files.folder);

		await files.write(hook('merged', 'file', { settings: { executionTimeout: 30 } }));
		await editInEditor('merged', 'editor again');
		const before = await text();
		expect((await pullOne()).map(({ result, changes }) => [result, changes.length])).toEqual([
			['refused', 1],
		]);
		expect(await text()).toBe(before);
		await files.remove();
	});

	it('of production is left alone: what was unpublished there stays unpublished', async () => {
		const files = await folderOf([hook('stopped', 'one')]);
		await applyFolder(files.folder);
		await target.instance.unpublish('stopped');
		await expect(applyFolder(files.folder)).rejects.toThrow(
			/"stopped" was unpublished in the editor/,
		);
		await applyFolder(files.folder, { edited: 'keep' });
		expect(await published('stopped')).toBeUndefined();
		await applyFolder(files.folder, { edited: 'overwrite' });
		expect(await published('stopped')).toContain('one');
		await files.remove();
	});
});

describe('kill -9', () => {
	const child = fileURLToPath(new URL('apply-child.ts', import.meta.url));
	async function killed(folder: string, phase: string, id: string): Promise<void> {
		const { apiKey = '' } = stack.secrets.n8n;
		const args = [child, stack.urls.n8n, folder, phase, id];
		const process_ = spawn(process.execPath, args, {
			stdio: 'inherit',
			env: { ...process.env, N8N_KEY: apiKey },
		});
		expect(await once(process_, 'exit')).toEqual([null, 'SIGKILL']);
	}

	it('while drafts are written leaves production as it was; the next apply puts back and goes on', async () => {
		const files = await folderOf([hook('d-one', 'one'), hook('d-two', 'one')]);
		await applyFolder(files.folder);
		await files.write(hook('d-one', 'two'));
		await files.write(hook('d-two', 'two'));
		await files.write(hook('d-three', 'two'));
		await killed(files.folder, 'prepare', 'd-two');
		expect(await published('d-one')).toContain('one');
		expect((await makePlan(target, await readFolder(files.folder))).interrupted?.phase).toBe(
			'preparing',
		);

		await files.write(hook('d-one', 'three'));
		const { recovered, changed } = await applyFolder(files.folder);
		expect(recovered).toBe('undone');
		expect(changed.map(({ id }) => id)).toEqual(['d-one', 'd-three', 'd-two']);
		expect(await published('d-one')).toContain('three');
		expect(await published('d-two')).toContain('two');
		await files.remove();
	});

	it('while production is switched is finished by the next apply', async () => {
		const files = await folderOf([hook('e-one', 'one'), hook('e-two', 'one')]);
		await applyFolder(files.folder);
		await files.write(hook('e-one', 'two'));
		await files.write(hook('e-two', 'two'));
		await killed(files.folder, 'switch', 'e-two');
		expect(await published('e-one')).toContain('two');
		expect(await published('e-two')).toContain('one');

		const { recovered, changed } = await applyFolder(files.folder);
		expect([recovered, changed]).toEqual(['finished', []]);
		expect(await published('e-two')).toContain('two');
		expect(await statuses(files.folder)).toEqual({ 'e-one': 'in-sync', 'e-two': 'in-sync' });
		await files.remove();
	});
});

it('lets one deployment in at a time', async () => {
	const files = await folderOf([hook('f-one', 'one')]);
	const refused = Promise.withResolvers<void>();
	/** Whoever is let in goes on when the other one has been refused. */
	const held: Target = {
		...target,
		instance: {
			...target.instance,
			async create(workflows) {
				await refused.promise;
				await target.instance.create(workflows);
			},
		},
	};
	const applyOne = async () =>
		await apply(held, await readFolder(files.folder)).catch((error: unknown) => {
			refused.resolve();
			throw error;
		});
	const both = await Promise.allSettled([applyOne(), applyOne()]);
	const reasons = both.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
	expect(reasons).toEqual([
		expect.stringMatching(/Another deployment to this n8n is under way: apply by process/),
	]);
	expect(await published('f-one')).toContain('one');
	await files.remove();
});

it('archives what has left the files, but not while production calls it', async () => {
	const files = await folderOf([
		hook('r-one', 'one', { calls: 'r-sub' }),
		sub('r-sub'),
		hook('r-two', 'one'),
	]);
	await applyFolder(files.folder);
	/** What the other tests have applied is in this n8n, too, and in none of these files. */
	const prune = async () => {
		const { items } = await makePlan(target, await readFolder(files.folder), { prune: true });
		return items.filter(({ id, action }) => id.startsWith('r-') && action === 'remove');
	};
	await rm(path.join(files.folder, 'r-sub.json'));
	await rm(path.join(files.folder, 'r-two.json'));
	const found = (await prune()).map(({ id, findings }) => [id, findings.map(({ code }) => code)]);
	expect(Object.fromEntries(found)).toEqual({ 'r-sub': ['sub-workflow-in-use'], 'r-two': [] });

	await files.write(hook('r-one', 'one'));
	expect((await prune()).flatMap(({ findings }) => findings)).toEqual([]);
	await files.remove();
});

it('says of what was deleted, archived or unpublished in the editor that no file can hold it', async () => {
	const files = await folderOf([hook('s-gone', 'one'), hook('s-off', 'one')]);
	await applyFolder(files.folder);
	await target.instance.unpublish('s-off');
	await target.instance.unpublish('s-gone');
	await target.instance.archive('s-gone');
	await target.instance.delete('s-gone');
	const { drifts } = await findDrift(target, await readFolder(files.folder));
	const ours = drifts.filter(({ id }) => id.startsWith('s-'));
	expect(ours.map((drift) => [drift.id, notForFiles(drift)])).toEqual([
		['s-gone', expect.stringContaining('take its file away')],
		['s-off', expect.stringContaining('"unpublished" of the environment')],
	]);
	await applyFolder(files.folder, { edited: 'overwrite' });
	expect([await call('s-gone'), await call('s-off')]).toEqual(['200', '200']);
	await files.remove();
});

it('rolls back to any Git revision, with what was not there then', async () => {
	const files = await folderOf([hook('g-one', 'one'), hook('g-two', 'one')]);
	const git = (...args: string[]) =>
		promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@shop.example', ...args], {
			cwd: files.folder,
		});
	await git('init', '-q');
	await git('add', '.');
	await git('commit', '-q', '-m', 'first');
	await applyFolder(files.folder);
	await files.write(hook('g-one', 'two'));
	await files.write(hook('g-three', 'two', { calls: 'z-child' }));
	await rm(path.join(files.folder, 'g-two.json'));
	const prune = { prune: true };
	const { items } = await makePlan(target, await readFolder(files.folder), prune);
	const ours = items.filter(({ id }) => id.startsWith('g-'));
	expect(ours.map(({ id, action }) => `${action} ${id}`)).toEqual([
		'update g-one',
		'create g-three',
		'remove g-two',
	]);
	await applyFolder(files.folder, { only: ['g-one', 'g-three'] });

	const old = await readRevision('HEAD', files.folder);
	const { changed } = await apply(target, old, { only: ['g-one', 'g-two'], what: 'rollback HEAD' });
	expect(changed).toEqual([{ id: 'g-one', action: 'update' }]);
	expect(await published('g-one')).toContain('one');
	await files.remove();
});

it('archives what has left the files, and brings it back with the revision that had it', async () => {
	const files = await folderOf([hook('u-one', 'one'), hook('u-two', 'one')]);
	const git = (...args: string[]) =>
		promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@shop.example', ...args], {
			cwd: files.folder,
		});
	await git('init', '-q');
	await git('add', '.');
	await git('commit', '-q', '-m', 'first');
	await applyFolder(files.folder);
	await rm(path.join(files.folder, 'u-two.json'));
	// What the other tests have left goes with it, and what they call goes after them.
	const all = { prune: true, edited: 'overwrite' } as const;
	const { changed } = await applyFolder(files.folder, all);
	expect(changed).toContainEqual({ id: 'u-two', action: 'remove' });
	expect((await target.instance.workflow('u-two')).archived).toBe(true);
	expect([await call('u-one'), await call('u-two')]).toEqual(['200', '404']);

	const old = await readRevision('HEAD', files.folder);
	const back = await apply(target, old, { ...all, what: 'rollback HEAD' });
	expect(back.changed).toEqual([{ id: 'u-two', action: 'update' }]);
	expect(await call('u-two')).toBe('200');
	await files.remove();
});

it('keeps a log of deployments in the instance, without a lock left behind', async () => {
	const rows = await target.table.rows();
	expect(rows.filter(({ kind }) => kind === 'lock')).toEqual([]);
	const states = rows.filter(({ kind }) => kind === 'deployment').map(({ state }) => state);
	expect(new Set(states)).toEqual(new Set(['done', 'undone']));
	expect(
		rows.find(({ kind, info }) => kind === 'deployment' && info.includes('create a-first')),
	).toBeDefined();
});
