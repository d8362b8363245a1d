// What the real n8n does with a workflow file. A process of its own that starts n8n's command `import:workflow` once and
// then runs it, and `publish:workflow` after it, for each file it is sent: a start of n8n's command line takes 3 s, an
// import 10 ms. Run through fork(): the answers go over its channel, n8n's log goes to stdout.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { OracleAnswer, OracleQuestion } from './truth.ts';

interface N8nCommand {
	flags: Record<string, unknown>;
	init(): Promise<void>;
	run(): Promise<void>;
}
interface NodeTypes {
	getByNameAndVersion(type: string, version?: number): unknown;
}
interface Found {
	id: string;
	nodes: { id?: string; name: string }[];
	connections: object;
}
interface Repository {
	find(options?: { select: string[] }): Promise<Found[]>;
	createQueryBuilder(): { delete(): { execute(): Promise<unknown> } };
}
interface Validation {
	validateForActivation(
		nodes: Record<string, unknown>,
		connections: object,
		types: NodeTypes,
	): { isValid: boolean; error?: string };
}
type Class<Instance> = new (...args: never[]) => Instance;

const folder = path.join(process.env.N8N_MODULES ?? '', 'n8n');
const load = createRequire(path.join(folder, 'package.json'));
const dist = (file: string) => load(path.join(folder, 'dist', file));

// As n8n's own start script does, in its order.
load('reflect-metadata');
dist('config');
dist('zod-alias-support.js');
const { Container }: { Container: { get<Instance>(of: Class<Instance>): Instance } } =
	load('@n8n/di');
const { ImportWorkflowsCommand } = dist('commands/import/workflow.js');
const { PublishWorkflowCommand } = dist('commands/publish/workflow.js');
const { ModuleRegistry } = load('@n8n/backend-common');
const { TagRepository, WorkflowRepository } = load('@n8n/db');
const { NodeTypes: NodeTypesClass } = dist('node-types.js');
const { WorkflowValidationService } = dist('workflows/workflow-validation.service.js');

const registry: { loadModules(): Promise<void> } = Container.get(ModuleRegistry);
await registry.loadModules();
const importer: N8nCommand = Container.get(ImportWorkflowsCommand);
const publisher: N8nCommand = Container.get(PublishWorkflowCommand);
await importer.init();
const repository: Repository = Container.get(WorkflowRepository);
const tags: Repository = Container.get(TagRepository);
const nodeTypes: NodeTypes = Container.get(NodeTypesClass);
const validation: Validation = Container.get(WorkflowValidationService);

async function ask({ key, folder: input, file, activates }: OracleQuestion): Promise<OracleAnswer> {
	// A list of workflows can only come as one file; one workflow comes in a folder, where n8n makes an id if it has none.
	importer.flags = isList(file)
		? { input: file, separate: false, activeState: 'false' }
		: { input, separate: true, activeState: 'false' };
	const imported = await failureOf(() => importer.run());
	if (imported !== undefined) return { key, imported };
	const rows = await repository.find({ select: ['id'] });
	if (rows.length === 0) return { key, imported: 'skipped' };
	let published: string | undefined;
	for (const { id } of rows) {
		publisher.flags = { id };
		published ??= await failureOf(() => publisher.run());
	}
	let found: Found[] = [];
	published ??= await failureOf(async () => {
		found = await repository.find();
	});
	const [first] = found;
	if (published !== undefined || first === undefined)
		return { key, published: published ?? 'gone' };
	if (!activates) return { key };
	const activated = await failureOf(async () => {
		const nodes = Object.fromEntries(first.nodes.map((node) => [node.name, node]));
		const { isValid, error } = validation.validateForActivation(
			nodes,
			first.connections,
			nodeTypes,
		);
		if (!isValid) throw new Error(error);
		await Promise.resolve();
	});
	return { key, ...(activated !== undefined && { activated }) };
}

function isList(file: string): boolean {
	try {
		return Array.isArray(JSON.parse(readFileSync(file, 'utf8')));
	} catch {
		return false;
	}
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
	try {
		await work();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** Also what the command line has left there. */
async function empty(): Promise<void> {
	await repository.createQueryBuilder().delete().execute();
	await tags.createQueryBuilder().delete().execute();
}

process.on('message', (question: OracleQuestion) => {
	void empty()
		.then(() => ask(question))
		.catch((error: unknown) => ({ key: question.key, broken: String(error) }))
		.then(async (answer) => {
			await empty();
			process.send?.(answer);
		});
});
process.on('disconnect', () => process.exit());
process.send?.({ key: 'ready' });
