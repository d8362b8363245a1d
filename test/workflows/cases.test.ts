import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, runTests, startEngine, type TestReport } from '@autopilot/workflow-test';

// Every case of workflows/tests, run by n8n's engine.

const folder = fileURLToPath(new URL('../../workflows/', import.meta.url));
let engine: Engine;
let report: TestReport;

beforeAll(async () => {
	engine = await startEngine();
	report = await runTests(engine, { folder });
});
afterAll(() => engine?.stop());

const workflows = readdirSync(folder)
	.filter((name) => name.endsWith('.json') && !['environments.json', 'lint.json'].includes(name))
	.map((name) => path.basename(name, '.json'));

describe.each(workflows)('workflows/%s.json', (id) => {
	it('passes its tests', () => {
		const file = report.files.find(({ workflow }) => workflow === id);
		const failed = file?.cases.filter(({ problems }) => problems.length > 0);
		expect(file?.problems).toEqual([]);
		expect(failed?.map(({ name, problems }) => `${name}: ${problems.join('; ')}`)).toEqual([]);
	});

	it('has a test for each node and each branch', () => {
		const { nodes, branches } = report.coverage.find(({ workflow }) => workflow === id) ?? {};
		expect(nodes?.filter(({ runs }) => runs === 0)).toEqual([]);
		expect(branches?.filter(({ taken }) => taken === 0)).toEqual([]);
	});
});
