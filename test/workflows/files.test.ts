import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, services } from '@autopilot/stack';
import { neighboursIn, parse, validate } from '@autopilot/workflow-kit';
import { n8nFacts } from '../../packages/workflow-kit/test/n8n-facts.ts';
import { readWorkflows } from './files.ts';

const folder = path.join(projectRoot, 'workflows');
const files = readdirSync(folder)
	.filter((name) => name.endsWith('.json'))
	.map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }))
	.filter(({ text }) => text.includes('"nodes"'));
const neighbours = neighboursIn(files.map(({ text }) => parse(text)));
const facts = n8nFacts();

describe.each(files)('workflows/$name', ({ name, text }) => {
	it('keeps all rules of publication (autopilot workflows lint workflows --profile publish)', () => {
		const findings = validate(text, { profile: 'publish', facts, neighbours });
		const said = findings.filter(({ severity }) => severity !== 'info');
		expect(said.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
	});

	it('is named by its id', () => {
		expect(parse(text).workflows.map(({ id }) => `${id}.json`)).toEqual([name]);
	});
});

const own = [...readWorkflows()].flatMap(([id, { nodes }]) =>
	nodes.filter(({ type }) => type.startsWith('n8n-nodes-autopilot.')).map((node) => ({ id, node })),
);

describe.each(own)('$id: $node.name', ({ node }) => {
	it('uses the credential that the stack makes', () => {
		const made = services.map(({ credential: { id, name, type } }) => ({ [type]: { id, name } }));
		expect(made).toContainEqual(node.credentials);
	});
});
