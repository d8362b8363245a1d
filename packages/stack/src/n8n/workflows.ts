import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StackError } from '../errors.ts';

const workflowSchema = z.looseObject({
	id: z.string().min(1).max(21),
	name: z.string(),
	nodes: z.array(z.looseObject({ name: z.string(), type: z.string(), parameters: z.unknown() })),
	settings: z.looseObject({ errorWorkflow: z.string().optional() }).optional(),
});

export interface WorkflowFile {
	id: string;
	name: string;
	file: string;
	/** Of the file's content: tells whether n8n has this version already. */
	hash: string;
	/** Workflows it calls or hands its errors to: they must be published before it. */
	needs: string[];
	/** Whether something can start it in production; others cannot be published. */
	hasTrigger: boolean;
}

/**
 * Reads a folder of workflow JSON, those that others need first.
 * @throws StackError for a file that is not a workflow
 */
export function readWorkflows(folder: string): WorkflowFile[] {
	const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
	return leavesFirst(files.sort().map((name) => readWorkflow(path.join(folder, name))));
}

/** Orders workflows so that each comes after all it needs. Circles keep the order they came in. */
export function leavesFirst<Item extends { id: string; needs: string[] }>(
	workflows: Item[],
): Item[] {
	const byId = new Map(workflows.map((workflow) => [workflow.id, workflow]));
	const ordered = new Set<Item>();
	const visit = (workflow: Item, above: ReadonlySet<string>) => {
		if (ordered.has(workflow) || above.has(workflow.id)) return;
		for (const id of workflow.needs) {
			const needed = byId.get(id);
			if (needed !== undefined) visit(needed, new Set([...above, workflow.id]));
		}
		ordered.add(workflow);
	};
	for (const workflow of workflows) visit(workflow, new Set());
	return [...ordered];
}

function readWorkflow(file: string): WorkflowFile {
	const text = readFileSync(file, 'utf8');
	const parsed = workflowSchema.safeParse(JSON.parse(text));
	if (!parsed.success) {
		throw new StackError('provision-failed', `${file}: ${z.prettifyError(parsed.error)}`, {
			advice: 'Correct the workflow file; n8n would skip it without a word.',
		});
	}
	const { id, name, nodes, settings } = parsed.data;
	const called = nodes
		.filter((node) => node.type === 'n8n-nodes-base.executeWorkflow')
		.flatMap((node) => calledWorkflow.safeParse(node.parameters).data?.workflowId.value ?? []);
	const needs = [...called, settings?.errorWorkflow ?? []].flat().filter((other) => other !== id);
	return {
		...{ id, name, file, needs },
		hash: createHash('sha256').update(text).digest('hex'),
		hasTrigger: nodes.some((node) => /trigger$/i.test(node.type) || node.type.endsWith('.webhook')),
	};
}

const calledWorkflow = z.looseObject({ workflowId: z.looseObject({ value: z.string() }) });
