import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
	parse,
	readPackage,
	writePackage,
	type JsonObject,
	type PackageContents,
	type Workflow,
} from '../src/index.ts';
import { writeTar, type TarEntry } from '../src/package/tar.ts';
import { loadTemplates } from './templates.ts';

const OPTIONS = { n8nVersion: '2.41.1', sourceId: 'test' };
const bytes = (text: string) => new TextEncoder().encode(text);
const workflows = (): Workflow[] =>
	parse([
		{
			id: 'main1',
			name: 'Main: größer & "better"',
			nodes: [
				{
					name: 'Call',
					type: 'n8n-nodes-base.executeWorkflow',
					typeVersion: 1,
					position: [0, 0],
					parameters: { workflowId: 'other' },
					credentials: { api: { name: 'Mine' } },
				},
				{
					name: 'B',
					type: 'n8n-nodes-acme.b',
					position: [200, 0],
					parameters: { x: '={{ $vars.region }}' },
				},
			],
			connections: { Call: { main: [null, { node: 'B', type: 'main', index: 0 }] } },
			pinData: { Call: [] },
			tags: [{ id: 't1', name: 'shop' }],
		},
		{ id: 'main1', name: '', nodes: [], connections: {} },
	]).workflows;

describe('a package', () => {
	it('has the same bytes each time, and what n8n asks of a manifest', () => {
		const packed = writePackage(workflows(), OPTIONS);
		expect(Buffer.compare(packed, writePackage(workflows(), OPTIONS))).toBe(0);
		const { manifest, files, findings } = readPackage(packed);
		expect(findings).toEqual([]);
		expect(manifest).toMatchObject({
			packageFormatVersion: '1',
			exportedAt: '1970-01-01T00:00:00.000Z',
			sourceN8nVersion: '2.41.1',
			sourceId: 'test',
			workflows: [
				{ id: 'main1', target: 'workflows/main-gr-er-better-main1' },
				{ name: 'Workflow' },
			],
			credentials: [{ name: 'Mine' }],
			tags: [{ id: 't1', name: 'shop' }],
			requirements: {
				credentials: [{ name: 'Mine', type: 'api', usedByWorkflows: ['main1'] }],
				nodeTypes: [
					{ type: 'n8n-nodes-acme.b', typeVersion: 1 },
					{ type: 'n8n-nodes-base.executeWorkflow' },
				],
				workflows: [{ id: 'other', usedByWorkflows: ['main1'] }],
				variables: [{ name: 'region', usedByWorkflows: ['main1'] }],
			},
		});
		expect([...files.keys()]).toContain('workflows/main-gr-er-better-main1/workflow-metadata.json');
		const ids = (manifest?.['workflows'] as JsonObject[]).map(({ id }) => id);
		expect(new Set(ids).size).toBe(2);
	});

	it('gives back the workflows, regular and without run data', () => {
		const [first] = readPackage(writePackage(workflows(), OPTIONS)).workflows;
		expect(first?.workflow.edges).toMatchObject([{ source: 'Call', sourceIndex: 1, target: 'B' }]);
		expect(first?.workflow.source).not.toHaveProperty('pinData');
		expect(first?.workflow.nodes.every(({ id }) => id !== undefined)).toBe(true);
	});

	it('brings data tables, variables, folders, projects, tags and credentials there and back', () => {
		const contents: PackageContents = {
			projects: [{ id: 'p1', name: 'Shop', icon: { type: 'emoji', value: '🛒' } }],
			folders: [
				{ id: 'f2', name: 'Inner', parentFolderId: 'f1', projectId: 'p1' },
				{ id: 'f1', name: 'Outer', parentFolderId: null, projectId: 'p1' },
			],
			credentials: [{ id: 'c1', name: 'Api', type: 'api', data: { key: '={{ $secrets.a.b }}' } }],
			dataTables: [
				{ id: 't1', name: 'Orders', columns: [{ name: 'total', type: 'number', index: 0 }] },
				{ id: 't2', name: 'Unused', columns: [], projectId: 'p1' },
			],
			variables: [{ id: 'v1', name: 'region', type: 'string', value: 'eu', projectId: 'p1' }],
			tags: [{ id: 'x1', name: 'shop' }],
			workflows: [
				{
					...{ id: 'main1', projectId: 'p1', folderId: 'f2' },
					...{ versionId: 'one', publishedVersionId: 'one' },
				},
			],
		};
		const node = {
			...{ id: 'n1', name: 'Rows', type: 'n8n-nodes-base.dataTable', typeVersion: 1 },
			parameters: { dataTableId: { __rl: true, mode: 'list', value: 't1' } },
			credentials: { model: { id: null, name: 'n8n', __aiGatewayManaged: true } },
			position: [0, 0],
		};
		const { workflows: given } = parse({
			...{ id: 'main1', name: 'Main', nodes: [node], connections: {}, tagIds: ['x1'] },
		});
		const packed = writePackage(given, { ...OPTIONS, contents });
		const read = readPackage(packed);
		expect(read.findings).toEqual([]);
		expect(read.contents).toEqual({
			...contents,
			// Parents come first.
			folders: contents.folders.toReversed(),
		});
		expect(read.manifest).toMatchObject({
			workflows: [
				{ target: 'projects/shop-p1/folders/outer-f1/folders/inner-f2/workflows/main-main1' },
			],
			requirements: {
				dataTables: [{ id: 't1', name: 'Orders', usedByWorkflows: ['main1'] }],
				tags: [{ id: 'x1', name: 'shop' }],
			},
		});
		expect(read.workflows[0]?.workflow.source).toMatchObject({
			parentFolderId: 'f2',
			nodes: [{ credentials: { model: { id: null, __aiGatewayManaged: true } } }],
		});
		const again = writePackage(
			read.workflows.map(({ workflow }) => workflow),
			{ ...OPTIONS, contents: read.contents },
		);
		expect(Buffer.compare(packed, again)).toBe(0);
	});

	it('takes folders of long names in each other, as deep as n8n takes paths', () => {
		const folders = Array.from({ length: 30 }, (_, index) => ({
			...{ id: `folder${index}`, name: `Folder ${index} ${'of a long name '.repeat(6)}` },
			parentFolderId: index === 0 ? null : `folder${index - 1}`,
		}));
		const place = { folderId: 'folder2', versionId: 'v', publishedVersionId: null };
		const contents = { folders, workflows: [{ id: 'main1', ...place }] };
		const packed = writePackage(workflows(), { ...OPTIONS, contents });
		const read = readPackage(packed);
		expect(read.findings).toEqual([]);
		expect(read.contents.folders).toHaveLength(30);
		expect(read.contents.folders.slice(0, 4)).toMatchObject(folders.slice(0, 4));
		expect(read.contents.workflows[0]).toEqual({ id: 'main1', ...place });
		const lengths = [...read.files.keys()].map(({ length }) => length);
		expect(Math.max(...lengths)).toBeGreaterThan(256);
		expect(Math.max(...lengths)).toBeLessThanOrEqual(1_024);
	});

	it('ends with folders that lie in each other, and names what n8n would refuse', () => {
		const folder = (id: string, parentFolderId: string) => ({ id, name: id, parentFolderId });
		const circle = { folders: [folder('a', 'b'), folder('b', 'a')] };
		const { contents } = readPackage(writePackage([], { ...OPTIONS, contents: circle }));
		expect(contents.folders).toMatchObject([{ id: 'b', parentFolderId: null }, { id: 'a' }]);
		const wrong = {
			dataTables: [{ id: 't', name: 'T', columns: [{ name: 'c', type: 'no', index: 0 }] }],
		};
		const packed = writePackage([], { ...OPTIONS, contents: JSON.parse(JSON.stringify(wrong)) });
		expect(readPackage(packed).findings).toMatchObject([{ code: 'package-entry-wrong' }]);
	});

	it('takes published templates, a hundred at a time', async () => {
		const templates = await loadTemplates();
		for (let at = 0; at < templates.length; at += 300) {
			const read = templates.slice(at, at + 100).flatMap(({ text }) => parse(text).workflows);
			const back = readPackage(writePackage(read, OPTIONS));
			expect(back.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
			expect(back.workflows.map(({ workflow }) => workflow.edges.length)).toEqual(
				read.map(({ edges }) => edges.length),
			);
		}
	});
});

describe('a hostile archive', () => {
	const manifest: TarEntry = {
		path: 'manifest.json',
		content: bytes('{"packageFormatVersion":"1","workflows":[{"target":"a"},{"target":"a"}]}'),
	};
	const pack = (entries: TarEntry[]) => gzipSync(writeTar(entries));
	const file = (path: string, content = 'x'): TarEntry => ({ path, content: bytes(content) });

	it.each<[string, Uint8Array, string]>([
		['no gzip', bytes('hello'), 'no gzip'],
		['no manifest', pack([file('a.json'), manifest]), 'first file'],
		['a way out', pack([manifest, file('../../etc/passwd')]), 'leaves the package'],
		['an absolute path', pack([manifest, file('/etc/passwd')]), 'plain relative'],
		['a drive', pack([manifest, file('C:\\x')]), 'plain relative'],
		['the same path twice', pack([manifest, file('a'), file('a')]), 'twice'],
		['an entry above the limit', pack([manifest, file('a', 'x'.repeat(6_000_000))]), 'bytes'],
		[
			'too many entries',
			pack([manifest, ...Array.from({ length: 5_001 }, (_, n) => file(`f${n}`))]),
			'too many',
		],
		['a bomb', gzipSync(Buffer.alloc(80 * 1024 * 1024)), 'unpacked'],
		['another format', pack([file('manifest.json', '{"packageFormatVersion":"2"}')]), 'format "2"'],
		['a symbolic link', gzipSync(linked()), 'neither file nor folder'],
		['a damaged header', gzipSync(damaged()), 'damaged'],
		[
			'an end in the middle',
			gzipSync(writeTar([manifest, file('a', 'x'.repeat(2000))]).slice(0, 2048)),
			'ends inside',
		],
	])('%s', (_, archive, message) => {
		const read = readPackage(archive);
		expect(read.findings).toMatchObject([
			{ code: 'package-unreadable', message: expect.stringContaining(message) },
		]);
		expect(read).toMatchObject({ manifest: undefined, workflows: [] });
	});

	it('a manifest that names what is not there', () => {
		expect(readPackage(pack([manifest])).findings).toMatchObject([
			{ code: 'package-file-missing' },
		]);
	});

	function damaged(): Uint8Array {
		const archive = writeTar([manifest]);
		archive[0] = 0x7a;
		return archive;
	}

	function linked(): Uint8Array {
		const archive = writeTar([manifest, { path: 'link', content: bytes('') }]);
		const at = archive.length - 3 * 512;
		archive[at + 156] = 50;
		// the check sum counts the type: '2' is two above '0'
		const sum =
			Number.parseInt(Buffer.from(archive.subarray(at + 148, at + 154)).toString(), 8) + 2;
		Buffer.from(archive.buffer, archive.byteOffset).write(
			sum.toString(8).padStart(6, '0'),
			at + 148,
		);
		return archive;
	}
});
