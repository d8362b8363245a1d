import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OWN_NODES_FILE, ownNodesSource } from '../../scripts/own-nodes-source.ts';
import { handbook } from '../../src/validate/handbook.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');

it('docs/workflow-rules.md is the rule book of today (else: node packages/workflow-kit/scripts/handbook.ts)', async () => {
	expect(await readFile(path.join(root, 'docs', 'workflow-rules.md'), 'utf8')).toBe(handbook());
});

it('facts of our own nodes are those of the nodes (else: node packages/workflow-kit/scripts/own-nodes.ts)', async () => {
	expect(await readFile(OWN_NODES_FILE, 'utf8')).toBe(await ownNodesSource());
});
