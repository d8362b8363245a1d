import { excerptOf } from './excerpt.ts';
import { LAYERS, PROFILES, type Layer } from './rule.ts';
import { rulesByLayer } from './rules.ts';

const INTRODUCTIONS: Record<Layer, string> = {
	file: 'The file as a whole, before any node is looked at.',
	nodes: 'Names, ids, positions and switches of nodes.',
	types: 'Node types, their versions and the credentials they need.',
	parameters: 'Parameters against what the node’s type takes.',
	expressions: 'Expressions and code, parsed and never evaluated.',
	graph: 'Connections: from where to where, and what is left out.',
	agents: 'Agents, chains and what is connected to them.',
	triggers: 'What starts a workflow, and at which address.',
	portability: 'What a workflow wants of the instance it goes to.',
	'n8n 3': 'What works in n8n 2 and no longer in n8n 3.',
	house: 'What this project asks of workflows that it publishes.',
	exemptions: 'Rules that are turned off, in `lint.json` beside the files.',
};

/** The text of docs/workflow-rules.md. */
export function handbook(): string {
	const rules = rulesByLayer();
	const lines = [
		'# What lint looks for',
		'',
		'Made from the rule book of packages/workflow-kit by `node packages/workflow-kit/scripts/handbook.ts`.',
		'',
		'A profile says what a file is checked for. **import**: n8n 2.41 takes it and can publish it, asked of the real one.',
		'**run**: it will also work. **publish**: it also keeps the rules of the house.',
		'',
		'A rule is turned off in `lint.json`, for a reason and until a day:',
		'',
		'```json',
		'{ "exemptions": [{ "rule": "schedule-too-frequent", "file": "stock.json", "reason": "...", "until": "2026-12-31" }] }',
		'```',
	];
	for (const layer of LAYERS) {
		lines.push('', `## ${layer}`, '', INTRODUCTIONS[layer]);
		for (const { code, rule } of rules.filter((one) => one.layer === layer)) {
			const severities = PROFILES.map((one) => `${one} ${rule.severity[one] ?? '-'}`).join(', ');
			lines.push('', `### ${code}`, '', `**${rule.title}** (${severities})`, '');
			lines.push(`${rule.why} ${rule.advice}`, '');
			lines.push('```text', `bad:  ${indented(excerptOf(rule.bad))}`);
			lines.push(`good: ${indented(excerptOf(rule.good))}`, '```');
		}
	}
	return `${lines.join('\n')}\n`;
}

function indented(text: string): string {
	return text.replaceAll('\n', '\n      ');
}
