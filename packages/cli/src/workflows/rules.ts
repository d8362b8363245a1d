import { POLICY_TEXTS } from '@autopilot/workflow-deploy';
import {
	excerptOf,
	isRuleCode,
	LAYERS,
	PROFILES,
	RULES,
	rulesByLayer,
	type Example,
	type Rule,
} from '@autopilot/workflow-kit';
import type { Command } from 'commander';
import { CommandError } from '../exit.ts';
import { jsonOption } from '../options.ts';
import { colour, print, printJson, printTable } from '../terminal/print.ts';

export function registerRules(workflows: Command): void {
	workflows
		.command('rules')
		.summary('what lint looks for, and why')
		.description('Lists the rules, or explains one with a bad and a good example.')
		.argument('[code]', 'as a finding names it')
		.addOption(jsonOption())
		.action((code: string | undefined, { json }: { json?: true }) => {
			if (code === undefined) return list(json === true);
			const policy = POLICY_TEXTS.get(code);
			if (policy !== undefined) {
				if (json === true) printJson({ code, ...policy });
				else print(`${colour('bold', code)}  ${policy.title}\n\n${policy.why}`);
				return;
			}
			if (!isRuleCode(code)) {
				throw new CommandError(`There is no rule ${code}.`, {
					advice: '`autopilot workflows rules` lists them.',
					exitCode: 2,
				});
			}
			if (json === true) printJson({ code, ...RULES[code] });
			else explain(code, RULES[code]);
		});
}

function list(isJson: boolean): void {
	const rules = rulesByLayer();
	if (isJson) {
		printJson({
			rules: rules.map(({ code, layer, rule: { severity, title } }) => ({
				...{ code, layer, severity, title },
			})),
		});
		return;
	}
	for (const layer of LAYERS) {
		print(`\n${colour('bold', layer)}`);
		const rows = rules
			.filter((one) => one.layer === layer)
			.map(({ code, rule }) => [`  ${code}`, rule.title]);
		printTable(rows);
	}
}

function explain(code: string, { title, severity, why, advice, bad, good }: Rule): void {
	print(`${colour('bold', code)}  ${title}`);
	print(
		colour(
			'dim',
			PROFILES.map((profile) => `${profile}: ${severity[profile] ?? 'off'}`).join('   '),
		),
	);
	print(`\n${why}\n${advice}`);
	show('red', '✗', bad);
	show('green', '✔', good);
}

function show(paint: 'red' | 'green', mark: string, example: Example): void {
	const [first = '', ...rest] = excerptOf(example).split('\n');
	print(`\n${colour(paint, mark)} ${first}`);
	for (const line of rest) print(`  ${line}`);
}
