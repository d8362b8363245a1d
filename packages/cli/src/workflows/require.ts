import {
	parse,
	requirementsOf,
	type DocumentFindings,
	type LeastRelease,
	type Requirements,
} from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { jsonOption } from '../options.ts';
import { colour, print, printJson, printTable } from '../terminal/print.ts';
import { readDocuments } from './inputs.ts';
import { printFindings } from './output.ts';

export function registerRequire(workflows: Command): void {
	workflows
		.command('require')
		.summary('what workflows need')
		.description(
			'Lists what an n8n needs to run the workflows: its least version, node types and versions, community packages, credentials, other workflows, tables, variables, and the hosts they talk to.',
		)
		.argument('<paths...>')
		.addOption(jsonOption())
		.action(async (paths: string[], { json }: { json?: true }) => {
			const documents = (await readDocuments(paths)).map((document) => ({
				...{ path: document.path, text: new TextDecoder().decode(document.bytes) },
				...parse(document.bytes),
			}));
			const broken: DocumentFindings[] = documents.filter(
				({ workflows: read }) => read.length === 0,
			);
			const requirements = requirementsOf(documents.flatMap(({ workflows: read }) => read));
			if (json === true) printJson(requirements);
			else printRequirements(requirements);
			if (broken.length === 0) return;
			if (json !== true) printFindings(broken, 'text');
			process.exitCode = 1;
		});
}

function printRequirements(needs: Requirements): void {
	printLeastRelease(needs.leastN8nVersion);
	const sections: [string, string[][]][] = [
		[
			'node types',
			needs.nodeTypes.map(({ type, versions, count }) => [type, versions.join(', '), `${count}×`]),
		],
		[
			'community packages',
			needs.communityPackages.map(({ name, nodeTypes }) => [name, nodeTypes.join(', ')]),
		],
		['credentials', needs.credentials.map(({ type, nodes }) => [type, nodes.join(', ')])],
		[
			'workflows',
			needs.workflows.map(({ workflow, use, nodes }) => [workflow, use, nodes.join(', ')]),
		],
		['data tables', needs.dataTables.map(({ table, nodes }) => [table, nodes.join(', ')])],
		['variables', needs.variables.map(({ name, nodes }) => [name, nodes.join(', ')])],
		['environment', needs.environment.map(({ name, nodes }) => [name, nodes.join(', ')])],
		['hosts', needs.domains.map(({ domain, nodes }) => [domain, nodes.join(', ')])],
	];
	for (const [title, rows] of sections) {
		if (rows.length === 0) continue;
		print(colour('bold', title));
		printTable(rows);
		print();
	}
}

/** The table knows some releases only: the truth may lie between two of them. */
function printLeastRelease({ version, after, because, unknown }: LeastRelease): void {
	print(colour('bold', 'least n8n'));
	const others = unknown.map(({ type, typeVersion }) => `${type} ${typeVersion}`);
	if (version === undefined) print('unknown');
	else print(after === undefined ? `${version} or older` : `${version} (${after} is too old)`);
	printTable(because.map(({ node, type, typeVersion }) => [`  ${node}`, `${type} ${typeVersion}`]));
	if (others.length > 0) print(colour('dim', `  not known for ${others.join(', ')}`));
	print();
}
