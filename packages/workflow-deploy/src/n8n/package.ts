import { gzipSync } from 'node:zlib';
import type { Content } from '../content/content.ts';

/**
 * The form that makes workflows by n8n's package import, the only way of its API that keeps ids. A node type or credential
 * that n8n does not have is refused.
 */
export function packWorkflows(workflows: readonly { id: string; content: Content }[]): FormData {
	const folderOf = (id: string) => `workflows/${id}`;
	const manifest = {
		packageFormatVersion: '1',
		exportedAt: new Date().toISOString(),
		sourceN8nVersion: '2.41.1',
		sourceId: 'autopilot',
		workflows: workflows.map(({ id, content }) => ({
			id,
			name: content.name,
			target: folderOf(id),
		})),
	};
	const files: [string, unknown][] = [
		['manifest.json', manifest],
		...workflows.flatMap(({ id, content }): [string, unknown][] => [
			[
				`${folderOf(id)}/workflow.json`,
				{ id, ...content, parentFolderId: null, isArchived: false },
			],
			[`${folderOf(id)}/workflow-metadata.json`, { versionId: 'none', publishedVersionId: null }],
		]),
	];
	const form = new FormData();
	form.set('package', new Blob([new Uint8Array(tarGz(files))]), 'autopilot.n8np');
	form.set('workflowConflictPolicy', 'fail');
	form.set('workflowIdPolicy', 'source');
	form.set('workflowPublishingPolicy', 'unpublish-all');
	form.set('credentialMissingMode', 'must-preexist');
	form.set('dataTableMissingMode', 'do-nothing');
	form.set('variableMissingMode', 'do-nothing');
	return form;
}

const BLOCK = 512;

/** A ustar archive: header block, content padded to whole blocks, two empty blocks at the end. */
function tarGz(files: readonly [string, unknown][]): Buffer {
	const blocks = files.flatMap(([name, value]) => {
		const data = Buffer.from(JSON.stringify(value));
		return [header(name, data.length), data, Buffer.alloc(-data.length & (BLOCK - 1))];
	});
	return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

function header(name: string, size: number): Buffer {
	const block = Buffer.alloc(BLOCK);
	const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
	block.write(name, 0);
	block.write(octal(0o644, 7), 100);
	block.write(octal(0, 7), 108);
	block.write(octal(0, 7), 116);
	block.write(octal(size, 11), 124);
	block.write(octal(0, 11), 136);
	block.write('        ', 148);
	block.write('0', 156);
	block.write('ustar\x0000', 257);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${octal(sum, 6)} `, 148);
	return block;
}
