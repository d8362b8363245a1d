import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isObject, parse } from '@autopilot/workflow-kit';
import { z } from 'zod';
import { type Coverage, CoverageCounter } from './coverage/coverage.ts';
import type { Engine } from './engine.ts';
import type { NodeOutline, WorkflowJson } from './engine/protocol.ts';
import { fixture, type Fixture } from './fixtures/fixture.ts';
import { type CaseResult, runCase } from './fixtures/run-case.ts';

export interface TestOptions {
	/** Folder of the workflows; their tests are in its `tests/`. */
	folder: string;
	/** Test files or ids of workflows; default: all. */
	files?: readonly string[];
	/** Only cases whose name has this in it. */
	only?: string;
	onCase?: (file: string, result: CaseResult) => void;
}

export interface FileResult {
	path: string;
	workflow: string;
	cases: CaseResult[];
	/** What is wrong with the file itself. */
	problems: string[];
}

export interface TestReport {
	files: FileResult[];
	/** Of every workflow that has tests or was called by one. */
	coverage: Coverage[];
	passed: number;
	failed: number;
}

/** Runs test files, one case after the other. */
export async function runTests(engine: Engine, options: TestOptions): Promise<TestReport> {
	const workflows = await readWorkflows(options.folder);
	const counters = new Map<string, CoverageCounter>();
	const outlines = new Map<string, NodeOutline[]>();
	const outlineOf = async (id: string, workflow: WorkflowJson): Promise<NodeOutline[]> => {
		const found = outlines.get(id) ?? (await engine.call('outline', { workflow }));
		outlines.set(id, found);
		if (!counters.has(id)) counters.set(id, new CoverageCounter(id, found));
		return found;
	};
	const files: FileResult[] = [];
	for (const file of await testFiles(options)) {
		const read = await readFixture(file);
		const result: FileResult = { path: file, workflow: '', cases: [], problems: [] };
		files.push(result);
		if ('problem' in read) {
			result.problems.push(read.problem);
			continue;
		}
		result.workflow = read.workflow;
		const workflow = workflows[read.workflow];
		if (workflow === undefined) {
			result.problems.push(await whyMissing(read.workflow, options.folder));
			continue;
		}
		const outline = await outlineOf(read.workflow, workflow);
		for (const one of read.cases) {
			if (options.only !== undefined && !one.name.includes(options.only)) continue;
			const outcome = await runCase(engine, { workflow, workflows, outline }, read, one);
			result.cases.push(outcome);
			options.onCase?.(file, outcome);
			if (outcome.run === undefined) continue;
			counters.get(read.workflow)?.add(outcome.run.nodes);
			for (const { id, nodes } of outcome.run.called) {
				const called = workflows[id];
				if (called === undefined) continue;
				await outlineOf(id, called);
				counters.get(id)?.add(nodes);
			}
		}
	}
	const failures = files.flatMap(({ problems, cases }) => [
		...problems,
		...cases.filter((one) => one.problems.length > 0),
	]);
	return {
		files,
		coverage: [...counters.values()].map((counter) => counter.result()),
		passed: files.flatMap(({ cases }) => cases).filter(({ problems }) => problems.length === 0)
			.length,
		failed: failures.length,
	};
}

/** The test files that are asked for. */
export async function testFiles({
	folder,
	files = [],
}: Pick<TestOptions, 'folder' | 'files'>): Promise<string[]> {
	const tests = path.join(folder, 'tests');
	const names = (await readdir(tests)).filter((name) => name.endsWith('.test.json')).sort();
	if (files.length === 0) return names.map((name) => path.join(tests, name));
	return files
		.map((given) =>
			given.endsWith('.json')
				? given.replace(/(?<!\.test)\.json$/, '.test.json')
				: path.join(tests, `${given}.test.json`),
		)
		.map((file) =>
			names.includes(path.basename(file)) ? path.join(tests, path.basename(file)) : file,
		);
}

async function readFixture(file: string): Promise<Fixture | { problem: string }> {
	let json: unknown;
	try {
		json = JSON.parse(await readFile(file, 'utf8'));
	} catch (error) {
		if (error instanceof SyntaxError) return { problem: `This is no JSON: ${error.message}` };
		return { problem: String(error) };
	}
	const read = fixture.safeParse(json);
	return read.success ? read.data : { problem: z.prettifyError(read.error) };
}

/** A file that is being edited may be half a file. */
async function whyMissing(id: string, folder: string): Promise<string> {
	const file = path.join(folder, `${id}.json`);
	const text = await readFile(file, 'utf8').catch(() => undefined);
	const broken = text === undefined ? undefined : parse(text).findings[0];
	if (broken !== undefined) return `${file} cannot be read: ${broken.message}`;
	return `There is no workflow "${id}" in ${folder}.`;
}

/** Workflows by id, as they are in the files of a folder. */
export async function readWorkflows(folder: string): Promise<Record<string, WorkflowJson>> {
	const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
	const found = await Promise.all(
		names.sort().map(async (name) => {
			const [workflow] = parse(await readFile(path.join(folder, name), 'utf8')).workflows;
			const id = workflow?.id ?? path.basename(name, '.json');
			return workflow !== undefined && isObject(workflow.source)
				? ([id, workflow.source] as const)
				: undefined;
		}),
	);
	return JSON.parse(JSON.stringify(Object.fromEntries(found.filter((one) => one !== undefined))));
}
