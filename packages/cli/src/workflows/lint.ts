import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { POLICY_TEXTS } from '@autopilot/workflow-deploy';
import {
	applyExemptions,
	isFacts,
	lookUp,
	neighboursIn,
	OWN_NODES,
	parse,
	PROFILES,
	readExemptions,
	RULES,
	validate,
	type DocumentFindings,
	type Exemption,
	type FactsLookup,
	type Finding,
	type Profile,
	type RuleText,
} from '@autopilot/workflow-kit';
import { Option, type Command } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption, jsonOption } from '../options.ts';
import { colour, printError } from '../terminal/print.ts';
import { factsFile } from './facts.ts';
import { readDocuments, type Document } from './inputs.ts';
import { policiesOf } from './lint-policies.ts';
import { formatOf, formatOption, printFindings, type Format } from './output.ts';

interface LintChoice {
	profile: Profile;
	facts?: string;
	exemptions?: string;
	env?: string;
	environments?: string;
	all?: true;
	strict?: true;
	format: Format;
	json?: true;
	data: string;
}

export function registerLint(workflows: Command): void {
	workflows
		.command('lint')
		.summary('what is wrong with workflows')
		.description(
			'Checks workflows in layers: file, nodes, types, parameters, expressions, graph, agents, triggers, portability, n8n 3, rules of the house; with --env also what an environment forbids, as `plan` does, but without its n8n. Ends with 1 when there is an error. `autopilot workflows rules CODE` explains a finding.',
		)
		.argument('<paths...>')
		.addOption(
			new Option(
				'--profile <profile>',
				'import: n8n takes it; run: it works; publish: our rules too',
			)
				.choices(PROFILES)
				.default('run'),
		)
		.option(
			'--facts <file>',
			'what `autopilot workflows facts` wrote; default: that of the data folder',
		)
		.option(
			'--exemptions <file>',
			'rules turned off for a reason; default: lint.json beside the files',
		)
		.option('--env <name>', 'also the policies of an environment of environments.json')
		.option('--environments <file>', 'default: environments.json beside the files')
		.option('--all', 'also what is only worth knowing')
		.option('--strict', 'warnings end with 1 too')
		.addOption(formatOption())
		.addOption(jsonOption())
		.addOption(dataOption())
		.action(async (paths: string[], choice: LintChoice) => {
			const found = await lint(await readDocuments(paths), choice);
			const shown = found.map((document) => ({
				...document,
				findings: document.findings.filter(({ severity }) => choice.all || severity !== 'info'),
			}));
			printFindings(shown, formatOf(choice), RULE_TEXTS);
			const all = shown.flatMap(({ findings }) => findings);
			const counts = ({ severity }: Finding) =>
				severity === 'error' || (choice.strict === true && severity === 'warning');
			if (all.some(counts)) process.exitCode = 1;
		});
}

const RULE_TEXTS: ReadonlyMap<string, RuleText> = new Map(
	[...Object.entries(RULES), ...POLICY_TEXTS].map(([code, { title, why }]) => [
		code,
		{ title, help: why },
	]),
);

async function lint(documents: Document[], choice: LintChoice): Promise<DocumentFindings[]> {
	const { profile } = choice;
	const facts = await chosenFacts(choice);
	const parsed = documents.map(({ bytes }) => parse(bytes));
	const neighbours = neighboursIn(parsed);
	const policies = await policiesOf(documents, choice);
	// One file alone says nothing about what is not there.
	const beside = documents.length > 1 ? { neighbours } : {};
	const checked = documents.map(({ path: name, bytes }, index) => ({
		...{ path: name, text: new TextDecoder().decode(bytes) },
		findings: [...validate(bytes, { profile, facts, ...beside }), ...policies(parsed[index])],
	}));
	const file = await exemptionsFile(documents, choice);
	if (file === undefined) return checked;
	const text = await readFile(file, 'utf8');
	const { exemptions, findings } = readExemptions(jsonOf(text, file), profile);
	return exempted(checked, { exemptions, findings, file, text, profile });
}

function exempted(
	checked: DocumentFindings[],
	{
		exemptions,
		findings,
		file,
		text,
		profile,
	}: {
		exemptions: Exemption[];
		findings: Finding[];
		file: string;
		text: string;
		profile: Profile;
	},
): DocumentFindings[] {
	const applied = applyExemptions(
		checked.map((document) => ({
			file: path.basename(document.path),
			findings: document.findings,
		})),
		exemptions,
		{ today: new Date().toISOString().slice(0, 10), profile },
	);
	const own = [...findings, ...applied.findings];
	return [
		...checked.map((document, index) => ({ ...document, findings: applied.kept[index] ?? [] })),
		...(own.length === 0 ? [] : [{ path: path.relative('.', file), text, findings: own }]),
	];
}

async function chosenFacts({ facts: given, data, profile }: LintChoice): Promise<FactsLookup> {
	const file = given ?? factsFile(data);
	const text = await readFile(file, 'utf8').catch((cause: unknown) => {
		if (given === undefined) return undefined;
		throw new CommandError(`${given} cannot be read.`, {
			advice: '`autopilot workflows facts --out FILE` writes one.',
			exitCode: 2,
			cause,
		});
	});
	if (text === undefined) {
		if (profile !== 'import') {
			printError(
				colour(
					'dim',
					'no facts of n8n’s own nodes: `autopilot workflows facts` reads them from yours',
				),
			);
		}
		return lookUp(OWN_NODES);
	}
	const facts = jsonOf(text, file);
	if (!isFacts(facts)) {
		throw new CommandError(`${file} is no facts file of this version.`, {
			advice: '`autopilot workflows facts` writes it anew.',
			exitCode: 2,
		});
	}
	const own = new Set(OWN_NODES.nodes.map(({ type }) => type));
	// Ours are those of this checkout, whatever version the instance has loaded.
	return lookUp(OWN_NODES, { ...facts, nodes: facts.nodes.filter(({ type }) => !own.has(type)) });
}

/** The one that was named, or `lint.json` in the folder of the first file. */
async function exemptionsFile(
	documents: Document[],
	{ exemptions }: LintChoice,
): Promise<string | undefined> {
	if (exemptions !== undefined) return exemptions;
	const first = documents.find(({ file }) => file !== undefined)?.file;
	if (first === undefined) return undefined;
	const file = path.join(path.dirname(first), 'lint.json');
	return await readFile(file).then(
		() => file,
		() => undefined,
	);
}

function jsonOf(text: string, file: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new CommandError(`${file} is not JSON.`, {
			advice: 'Mend it, or name another file.',
			exitCode: 2,
			cause,
		});
	}
}
