import { parse, scanParsed } from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { jsonOption } from '../options.ts';
import { readDocuments } from './inputs.ts';
import { formatOf, formatOption, printFindings, type Format } from './output.ts';

export function registerScan(workflows: Command): void {
	workflows
		.command('scan')
		.summary('secrets in workflows')
		.description(
			'Looks for keys, tokens and passwords everywhere in a workflow: headers, expressions, code, notes, pinned data, URLs. Ends with 1 when there are any. Findings never show the secret.',
		)
		.argument('<paths...>')
		.addOption(formatOption())
		.addOption(jsonOption())
		.action(async (paths: string[], options: { format: Format; json?: true }) => {
			const documents = (await readDocuments(paths)).map(({ path, bytes }) => {
				const parsed = parse(bytes);
				// what cannot be read cannot be called clean
				const findings = parsed.document === undefined ? parsed.findings : scanParsed(parsed);
				return { path, text: new TextDecoder().decode(bytes), findings };
			});
			printFindings(documents, formatOf(options));
			if (documents.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
		});
}
