import type { Expression } from '../expressions/find.ts';
import type { FactsLookup, NodeLookup } from '../facts/lookup.ts';
import type { Finding, Severity } from '../findings/finding.ts';
import type { Workflow, WorkflowNode } from '../model/model.ts';
import type { Graph } from './graph-model.ts';
import type { Neighbours } from './neighbours.ts';
import type { Profile } from './rule.ts';
import { RULES, type RuleCode } from './rules.ts';

/** What a check of one workflow works with. */
export interface Context {
	readonly workflow: Workflow;
	readonly profile: Profile;
	readonly facts: FactsLookup;
	readonly neighbours: Neighbours;
	readonly graph: Graph;
	/** Of the file that was given: one workflow, or a list of them. */
	readonly isInList: boolean;
	/** What is known of a node's type in its version. */
	typeOf(node: WorkflowNode): NodeLookup | undefined;
	expressionsOf(node: WorkflowNode): readonly Expression[];
	/** Whether the profile looks at a rule at all. */
	wants(code: RuleCode): boolean;
	report(code: RuleCode, message: string, at?: At): void;
}

export interface At {
	node?: WorkflowNode | undefined;
	/** Of the finding; without it that of the node, or of the workflow. */
	pointer?: string;
	advice?: string;
	/** Instead of the rule's, where one case is less sure than the others. */
	severity?: Severity;
}

/** The severity of a rule in a profile. */
export function severityOf(code: RuleCode, profile: Profile): Severity | undefined {
	return RULES[code].severity[profile];
}

/** Makes a finding of a rule; undefined where the profile does not look. */
export function findingOf(
	code: RuleCode,
	message: string,
	{ workflow, profile, at = {} }: { workflow?: Workflow; profile: Profile; at?: At },
): Finding | undefined {
	const usual = severityOf(code, profile);
	if (usual === undefined) return undefined;
	return {
		code,
		severity: at.severity ?? usual,
		message: clip(message),
		advice: clip(at.advice ?? RULES[code].advice),
		pointer: at.pointer ?? at.node?.pointer ?? workflow?.pointer ?? '',
		...(at.node !== undefined && at.node.name !== '' && { node: at.node.name }),
		...(workflow !== undefined && { workflow: workflow.name }),
	};
}

/** Names in a file may be as long as the file. */
const LONGEST = 400;

/** Findings repeat names of the file; a name of a megabyte stays out of logs. */
export function clip(text: string): string {
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
