import { redact, type Redacted } from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { CommandError } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { readDocuments, type Document } from './inputs.ts';

interface RedactOptions {
	write?: true;
	json?: true;
}

export function registerRedact(workflows: Command): void {
	workflows
		.command('redact')
		.summary('workflows without secrets and owner data')
		.description(
			'Replaces each secret by a credential or a placeholder; takes out owner, instance id, credential ids, pinned data and cached names. Nodes and connections stay. One workflow goes to stdout; --write changes the files.',
		)
		.argument('<paths...>')
		.option('--write', 'change the files')
		.addOption(jsonOption())
		.action(async (paths: string[], options: RedactOptions) => {
			const documents = await readDocuments(paths);
			const results = documents.map((document) => ({ document, result: redact(document.bytes) }));
			const broken = results.find(({ result }) => result.text === undefined);
			if (broken !== undefined)
				throw new CommandError(`${broken.document.path} cannot be read.`, {
					advice: broken.result.findings[0]?.message ?? 'It has no workflow.',
				});
			if (options.write !== true && options.json !== true && results.length !== 1)
				throw new CommandError(`${results.length} files, and one stdout.`, {
					advice: 'Use --write to change them, or --json.',
					exitCode: 2,
				});
			for (const { document, result } of results) {
				if (options.write === true) await write(document, result);
				else if (options.json !== true) process.stdout.write(result.text ?? '');
				if (options.json !== true) report(document, result);
			}
			if (options.json === true)
				printJson({
					documents: results.map(({ document, result }) => ({ path: document.path, ...result })),
				});
		});
}

async function write({ file, path }: Document, { text }: Redacted): Promise<void> {
	if (file === undefined || text === undefined)
		throw new CommandError(`${path} is no file.`, { advice: 'Leave out --write.', exitCode: 2 });
	await writeFile(file, text);
	print(`${colour('green', '✔')} ${path}`);
}

/** On stderr: stdout may be the workflow. */
function report({ path }: Document, { placeholders, credentials }: Redacted): void {
	for (const { placeholder, pointer } of placeholders)
		printError(colour('dim', `${path}${pointer}: ${placeholder}`));
	for (const { node, type, name } of credentials)
		printError(colour('dim', `${path}: "${node}" now asks for a credential ${type} (${name})`));
}
