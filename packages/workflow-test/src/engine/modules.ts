import type { INodeType } from 'n8n-workflow';
import { Module } from 'node:module';
import { type Flatted, n8nRequire, type N8nCore, type N8nWorkflow } from './n8n-core.ts';

const load = n8nRequire();

/** n8n's own packages, loaded once for the process. */
export const core: N8nCore = load('n8n-core');
export const n8nWorkflow: N8nWorkflow = load('n8n-workflow');
export const flatted: Flatted = load('flatted');

/** The tool that n8n makes of a node; its server has it, and it is loaded with the first one. */
export function convertNodeToAiTool(node: INodeType): INodeType {
	const { convertNodeToAiTool: convert }: { convertNodeToAiTool: (node: INodeType) => INodeType } =
		load('n8n/dist/tool-generation');
	return convert(node);
}

/**
 * n8n's AI agent loads SQLite's driver for its kind that reads databases. Where that was installed without its binary (no
 * scripts are run at install), an empty module takes its place: agents of the other kinds never touch it.
 */
export function doWithoutSqlite(): void {
	try {
		load('sqlite3');
	} catch {
		const file = load.resolve('sqlite3');
		load.cache[file] = Object.assign(new Module(file), { exports: {}, loaded: true });
	}
}
