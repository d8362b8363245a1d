import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { WorkflowJson } from '@autopilot/workflow-test';

const FOLDER = fileURLToPath(new URL('../../workflows/', import.meta.url));

const node = z.strictObject({
	id: z.uuid(),
	name: z.string().min(1),
	type: z.string(),
	typeVersion: z.number(),
	position: z.tuple([z.int(), z.int()]),
	parameters: z.record(z.string(), z.unknown()),
	credentials: z.record(z.string(), z.object({ id: z.string(), name: z.string() })).optional(),
	webhookId: z.uuid().optional(),
	onError: z.string().optional(),
	retryOnFail: z.boolean().optional(),
	maxTries: z.int().optional(),
	waitBetweenTries: z.int().optional(),
	alwaysOutputData: z.boolean().optional(),
	executeOnce: z.boolean().optional(),
});
export type WorkflowNode = z.output<typeof node>;

// Strict: what n8n adds of its own (pinData, staticData, versionId, owner, instance id) stays out of the repository.
const workflow = z.strictObject({
	id: z.string().regex(/^[a-z][a-z0-9-]{2,20}$/),
	name: z.string().max(128),
	nodes: z.array(node),
	connections: z.record(
		z.string(),
		z.object({
			main: z.array(
				z.array(z.object({ node: z.string(), type: z.literal('main'), index: z.int() })),
			),
		}),
	),
	settings: z.looseObject({
		executionOrder: z.literal('v1'),
		errorWorkflow: z.string().optional(),
		executionTimeout: z.int().positive(),
		timezone: z.string(),
	}),
});
export type WorkflowFile = z.output<typeof workflow>;

/** Every workflow of the repository by its file name without `.json`. */
export function readWorkflows(): Map<string, WorkflowFile> {
	// Settings of the tools lie beside the workflows.
	const settings = ['lint.json', 'environments.json'];
	const files = globSync('*.json', { cwd: FOLDER, exclude: settings }).sort();
	return new Map(
		files.map((file) => [
			path.basename(file, '.json'),
			workflow.parse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))),
		]),
	);
}

/** One workflow in the shape that the engine takes. */
export function readWorkflow(id: string): WorkflowJson {
	const found = readWorkflows().get(id);
	if (found === undefined) throw new Error(`There is no workflows/${id}.json.`);
	return JSON.parse(JSON.stringify(found));
}
