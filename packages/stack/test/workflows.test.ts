import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { leavesFirst, readWorkflows } from '../src/n8n/workflows.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'autopilot-workflows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(id: string, extra: object): void {
	const workflow = { id, name: id, nodes: [], connections: {}, ...extra };
	writeFileSync(path.join(folder, `${id}.json`), JSON.stringify(workflow));
}

const call = (id: string) => ({
	name: id,
	type: 'n8n-nodes-base.executeWorkflow',
	parameters: { workflowId: { __rl: true, mode: 'id', value: id } },
});

describe('workflows for n8n', () => {
	it('come after the sub-workflows and the error workflow that they need', () => {
		write('a-launch', { nodes: [call('c-prices')], settings: { errorWorkflow: 'd-errors' } });
		write('b-other', {});
		write('c-prices', { settings: { errorWorkflow: 'd-errors' } });
		write('d-errors', {
			nodes: [{ name: 'E', type: 'n8n-nodes-base.errorTrigger', parameters: {} }],
		});
		expect(readWorkflows(folder).map(({ id }) => id)).toEqual([
			'd-errors',
			'c-prices',
			'a-launch',
			'b-other',
		]);
	});

	it('that call each other are ordered all the same', () => {
		const circle = [
			{ id: 'a', needs: ['b'] },
			{ id: 'b', needs: ['a'] },
		];
		expect(
			leavesFirst(circle)
				.map(({ id }) => id)
				.sort(),
		).toEqual(['a', 'b']);
	});

	it('have another fingerprint when their content changes, and only then', () => {
		write('a', {});
		const [before] = readWorkflows(folder);
		expect(readWorkflows(folder)).toEqual([before]);
		write('a', { name: 'changed' });
		expect(readWorkflows(folder)[0]?.hash).not.toBe(before?.hash);
	});

	it('without an id that n8n keeps are refused with the file’s name', () => {
		write('a-name-that-is-longer-than-n8n-allows', {});
		expect(() => readWorkflows(folder)).toThrow(/a-name-that-is-longer-than-n8n-allows\.json/);
	});
});
