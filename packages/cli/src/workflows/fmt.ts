import { canonicalText, type DocumentFindings } from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { jsonOption } from '../options.ts';
import { colour, print, printError, printJson } from '../terminal/print.ts';
import { readDocuments, type Document } from './inputs.ts';
import { printFindings } from './output.ts';

interface Formatted {
	document: Document;
	text: string;
	canonical: string;
}

export function registerFmt(workflows: Command): void {
	workflows
		.command('fmt')
		.summary('one order of keys, one layout')
		.description(
			'Writes workflows in canonical form: nothing is lost, keys have one order. With --check it only says which files are not, and ends with 1. From - or a Git revision the text goes to stdout.',
		)
		.argument('<paths...>')
		.option('--check', 'write nothing')
		.addOption(jsonOption())
		.action(async (paths: string[], options: { check?: true; json?: true }) => {
			const broken: DocumentFindings[] = [];
			const formatted: Formatted[] = [];
			for (const document of await readDocuments(paths)) {
				const { text: canonical, findings } = canonicalText(document.bytes);
				const text = new TextDecoder().decode(document.bytes);
				if (canonical === undefined) broken.push({ path: document.path, text, findings });
				else formatted.push({ document, text, canonical });
			}
			const changed = formatted.filter(({ text, canonical }) => text !== canonical);
			if (options.check !== true) await write(formatted, changed);
			report(changed, { broken, ...options });
			if (broken.length > 0 || (options.check === true && changed.length > 0)) process.exitCode = 1;
		});
}

async function write(formatted: Formatted[], changed: Formatted[]): Promise<void> {
	for (const { document, canonical } of changed)
		if (document.file !== undefined) await writeFile(document.file, canonical);
	for (const { document, canonical } of formatted)
		if (document.file === undefined) process.stdout.write(canonical);
}

function report(
	changed: Formatted[],
	{ check, json, broken }: { check?: true; json?: true; broken: DocumentFindings[] },
): void {
	const paths = changed.map(({ document }) => document.path);
	if (json === true) {
		printJson({ changed: paths, broken: broken.map(({ path, findings }) => ({ path, findings })) });
		return;
	}
	// stdout may carry a workflow
	const say = changed.some(({ document }) => document.file === undefined) ? printError : print;
	for (const path of paths)
		say(check === true ? `${colour('yellow', '!')} ${path}` : `${colour('green', '✔')} ${path}`);
	if (broken.length > 0) printFindings(broken, 'text');
	else if (paths.length === 0) printError(colour('dim', 'all canonical'));
	else if (check === true) printError(colour('dim', 'autopilot workflows fmt writes them'));
}
