import type { Layer, Rule } from './rule.ts';
import { agentRules } from './rules/agents.ts';
import { exemptionRules } from './rules/exemptions.ts';
import { expressionRules } from './rules/expressions.ts';
import { fileRules } from './rules/file.ts';
import { graphRules } from './rules/graph.ts';
import { houseRules } from './rules/house.ts';
import { n8n3Rules } from './rules/n8n3.ts';
import { nodeRules } from './rules/nodes.ts';
import { parameterRules } from './rules/parameters.ts';
import { parseRules } from './rules/parse.ts';
import { portabilityRules } from './rules/portability.ts';
import { triggerRules } from './rules/triggers.ts';
import { typeRules } from './rules/types.ts';

const BY_LAYER = {
	file: { ...parseRules, ...fileRules },
	nodes: nodeRules,
	types: typeRules,
	parameters: parameterRules,
	expressions: expressionRules,
	graph: graphRules,
	agents: agentRules,
	triggers: triggerRules,
	portability: portabilityRules,
	'n8n 3': n8n3Rules,
	house: houseRules,
	exemptions: exemptionRules,
} satisfies Record<Layer, Record<string, Rule>>;

const ALL = {
	...BY_LAYER.file,
	...nodeRules,
	...typeRules,
	...parameterRules,
	...expressionRules,
	...graphRules,
	...agentRules,
	...triggerRules,
	...portabilityRules,
	...n8n3Rules,
	...houseRules,
	...exemptionRules,
};

export type RuleCode = keyof typeof ALL;

/** The rule book: everything that can be found, by its code. */
export const RULES: Readonly<Record<RuleCode, Rule>> = ALL;

/** Rules in the order of their layers. */
export function rulesByLayer(): { layer: Layer; code: RuleCode; rule: Rule }[] {
	return Object.entries(BY_LAYER).flatMap(([layer, rules]) =>
		Object.entries(rules).map(([code, rule]) => ({
			layer: layer as Layer,
			code: code as RuleCode,
			rule,
		})),
	);
}

export function isRuleCode(code: string): code is RuleCode {
	return Object.hasOwn(ALL, code);
}
