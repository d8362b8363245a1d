import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { n8nModules } from '../../../test/harness/n8n-core.ts';
import { cacheDir, keep } from './templates.ts';

const PACKAGES = ['n8n-mcp@2.87.0', '@n8n/workflow-sdk@0.34.0'];
const FOLDER = path.join(cacheDir(), `validators-${PACKAGES.join('-').replace(/[^\w.]+/g, '-')}`);

/** Another validator; true when it has nothing against the workflow. Throws where it throws. */
export interface Validator {
	name: string;
	isValid(workflow: unknown): Promise<boolean>;
	/** Lets the process end. */
	close(): void;
}

/** The validators to compare with. They are installed into the cache (300 MB), and only for this. */
export async function otherValidators(): Promise<Validator[]> {
	if (!existsSync(FOLDER)) await install();
	await keep(FOLDER);
	const load = createRequire(path.join(FOLDER, 'package.json'));
	return [await mcpValidator(load), sdkValidator(load)];
}

async function install(): Promise<void> {
	const parent = path.dirname(FOLDER);
	await mkdir(parent, { recursive: true });
	const draft = await mkdtemp(path.join(parent, 'draft-'));
	try {
		await writeFile(path.join(draft, 'package.json'), '{"private":true}');
		const options = [
			'--no-audit',
			'--no-fund',
			'--ignore-scripts',
			'--legacy-peer-deps',
			'--loglevel=error',
		];
		await promisify(execFile)('npm', ['install', ...options, ...PACKAGES], {
			cwd: draft,
			timeout: 600_000,
		});
		await rename(draft, FOLDER);
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

interface McpParts {
	createDatabaseAdapter(file: string): Promise<{ close(): void }>;
	NodeRepository: new (database: unknown) => unknown;
	EnhancedConfigValidator: unknown;
	WorkflowValidator: new (
		repository: unknown,
		validator: unknown,
	) => { validateWorkflow(workflow: unknown, options: object): Promise<{ valid: boolean }> };
}

/** With its profile `runtime` and all checks, as its tool runs it. */
async function mcpValidator(load: NodeJS.Require): Promise<Validator> {
	process.env['LOG_LEVEL'] = 'error';
	process.env['MCP_MODE'] = 'stdio';
	const part = (file: string) =>
		load(path.join(FOLDER, 'node_modules/n8n-mcp/dist', `${file}.js`)) as Partial<McpParts>;
	const parts = {
		...part('database/database-adapter'),
		...part('database/node-repository'),
		...part('services/enhanced-config-validator'),
		...part('services/workflow-validator'),
	} as McpParts;
	const file = path.join(FOLDER, 'node_modules/n8n-mcp/data/nodes.db');
	const database = await parts.createDatabaseAdapter(file);
	const repository = new parts.NodeRepository(database);
	const validator = new parts.WorkflowValidator(repository, parts.EnhancedConfigValidator);
	return {
		name: 'n8n-mcp 2.87',
		isValid: async (workflow) =>
			(await validator.validateWorkflow(workflow, { profile: 'runtime' })).valid,
		close: () => {
			database.close();
		},
	};
}

interface Sdk {
	setSchemaBaseDirs(folders: string[]): void;
	validateWorkflow(workflow: unknown): { valid: boolean; errors: unknown[]; warnings: unknown[] };
}

/** With the definitions of nodes that n8n brings; valid means no findings at all. */
function sdkValidator(load: NodeJS.Require): Validator {
	const sdk = load('@n8n/workflow-sdk') as Sdk;
	const folders = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'];
	sdk.setSchemaBaseDirs(
		folders.map((name) => path.join(n8nModules(), name, 'dist/node-definitions')),
	);
	return {
		name: '@n8n/workflow-sdk 0.34',
		isValid: async (workflow) => {
			const { errors, warnings } = await Promise.resolve(sdk.validateWorkflow(workflow));
			return errors.length + warnings.length === 0;
		},
		close: () => undefined,
	};
}
