import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
	compareFacts,
	isFacts,
	reduceFacts,
	type Facts,
	type FactsChanges,
} from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { colour, print, printJson } from '../terminal/print.ts';
import { readNodeTypes } from './node-types.ts';
import { chosenEnvironment, withTargetOptions, type TargetChoice } from './target.ts';

/** Where `facts` writes and `lint` looks. */
export function factsFile(dataDir: string): string {
	return path.join(dataDir, 'n8n-facts.json');
}

export function registerFacts(workflows: Command): void {
	withTargetOptions(workflows.command('facts'))
		.summary('what a running n8n knows of its nodes')
		.description(
			'Reads the node types of a running n8n, its community packages included, and writes what `lint` needs of them: names, versions, ports, parameters. Says what has changed since the last time.',
		)
		.option('--out <file>', 'default: n8n-facts.json in the data folder')
		.addOption(jsonOption())
		.action(async (choice: TargetChoice & { out?: string; json?: true }) => {
			const { url, owner } = await chosenEnvironment(choice);
			if (owner === undefined) {
				throw new CommandError('This environment names no user of n8n.', {
					advice: 'n8n shows its node types only to a user who has logged in, not to an API key.',
					exitCode: 2,
				});
			}
			const facts = reduceFacts(await readNodeTypes(url, owner));
			const file = choice.out ?? factsFile(choice.data);
			const before = await readFacts(file);
			await writeWhole(file, `${JSON.stringify(facts)}\n`);
			const changes = before === undefined ? undefined : compareFacts(before, facts);
			if (choice.json === true) printJson({ file, ...countsOf(facts), changes: changes ?? null });
			else report(file, facts, changes);
		});
}

function countsOf({ nodes, credentials, n8nVersion }: Facts) {
	return {
		n8nVersion: n8nVersion ?? null,
		nodes: new Set(nodes.map(({ type }) => type)).size,
		versions: nodes.reduce((sum, { versions }) => sum + versions.length, 0),
		credentials: credentials.length,
	};
}

function report(file: string, facts: Facts, changes: FactsChanges | undefined): void {
	const { n8nVersion, nodes, versions, credentials } = countsOf(facts);
	print(
		`${colour('green', '✔')} n8n ${n8nVersion ?? ''}: ${nodes} nodes in ${versions} versions, ${credentials} credential types`,
	);
	print(colour('dim', `  ${path.relative('.', file)}`));
	if (changes === undefined) return;
	const lines = Object.entries(changes).filter(([, list]: [string, string[]]) => list.length > 0);
	if (lines.length === 0) print('  nothing has changed since the last time');
	for (const [what, list] of lines) print(`  ${WORDS[what] ?? what}: ${some(list)}`);
}

const WORDS: Record<string, string> = {
	nodesAdded: 'new nodes',
	nodesRemoved: 'nodes that are gone',
	versionsAdded: 'new versions',
	versionsRemoved: 'versions that are gone',
	nodesChanged: 'changed',
	credentialsAdded: 'new credential types',
	credentialsRemoved: 'credential types that are gone',
};

function some(list: string[]): string {
	const shown = list.slice(0, 8).join(', ');
	return list.length > 8 ? `${shown} and ${list.length - 8} more` : shown;
}

/** The file of the last time; undefined when there is none that can be compared. */
async function readFacts(file: string): Promise<Facts | undefined> {
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (text === undefined) return undefined;
	try {
		const facts: unknown = JSON.parse(text);
		return isFacts(facts) ? facts : undefined;
	} catch {
		return undefined;
	}
}

/** Whole or not at all: a lint may read it at the same moment. */
async function writeWhole(file: string, text: string): Promise<void> {
	await mkdir(path.dirname(path.resolve(file)), { recursive: true });
	const draft = `${file}.${process.pid}`;
	await writeFile(draft, text);
	await rename(draft, file);
}
