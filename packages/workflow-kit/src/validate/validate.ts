import { findExpressions, type Expression } from '../expressions/find.ts';
import { lookUp, type FactsLookup, type NodeLookup } from '../facts/lookup.ts';
import { OWN_NODES } from '../facts/own-nodes.ts';
import type { Finding } from '../findings/finding.ts';
import { own } from '../model/json.ts';
import type { Limits } from '../model/limits.ts';
import type { Parsed, Workflow, WorkflowNode } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import { scanParsed } from '../secrets/scan.ts';
import { checkAgents } from './agents.ts';
import { clip, findingOf, type At, type Context } from './context.ts';
import { checkExpressions } from './expressions.ts';
import { checkFile } from './file.ts';
import { buildGraph, type Graph } from './graph-model.ts';
import { checkEnds, checkGraph } from './graph.ts';
import { checkHouse } from './house.ts';
import { checkN8n3 } from './n8n3.ts';
import { NO_NEIGHBOURS, type Neighbours } from './neighbours.ts';
import { checkNodes } from './nodes.ts';
import { checkParameters } from './parameters.ts';
import { checkPortability } from './portability.ts';
import type { Profile } from './rule.ts';
import { RULES, type RuleCode } from './rules.ts';
import { REFUSED_BY_N8N } from './rules/parse.ts';
import { checkTriggers } from './triggers.ts';
import { checkTypes } from './types.ts';

export interface ValidateOptions {
	/** `run` unless told otherwise. */
	profile?: Profile;
	/** Made with lookUp(); without, only our own nodes are known. */
	facts?: FactsLookup;
	/** What the other files of the folder say; made with neighboursIn(). */
	neighbours?: Neighbours;
	limits?: Partial<Limits>;
}

/** Beyond this a file is broken in one way many times, and nobody reads on. */
const MAX_FINDINGS = 1_000;

/** Checks each workflow of a profile that asks for more than `import`. */
const BEYOND_IMPORT: ((context: Context) => void)[] = [
	...[checkTypes, checkParameters, checkExpressions, checkGraph, checkAgents, checkTriggers],
	...[checkPortability, checkN8n3],
];

let ownNodes: FactsLookup | undefined;

/** Facts of this project's own nodes, which are known without asking an n8n. */
export function ownFacts(): FactsLookup {
	return (ownNodes ??= lookUp(OWN_NODES));
}

/**
 * What is wrong with a file of workflows, for a profile. Never throws on anything that is text, bytes or JSON data.
 * The file is only read: nothing in it is run, looked up or fetched.
 */
export function validate(
	input: string | Uint8Array | unknown,
	options: ValidateOptions = {},
): Finding[] {
	const { profile = 'run' } = options;
	const findings = validateParsed(parse(input, options.limits), options);
	const mark = markOf(input);
	if (mark !== undefined) {
		const finding = findingOf('file-byte-order-mark', mark, { profile });
		if (finding !== undefined) findings.unshift(finding);
	}
	return findings;
}

/** The same for what parse() has read already; a byte order mark is gone by then. */
export function validateParsed(parsed: Parsed, options: ValidateOptions = {}): Finding[] {
	const { profile = 'run' } = options;
	const found: Finding[] = [];
	const isInList = parsed.workflows.every(({ pointer }) => /^\/\d{1,9}$/.test(pointer));
	for (const workflow of parsed.workflows)
		validateWorkflow(workflow, { ...options, profile, isInList }, found);
	// One place, one finding: where a rule has said more than the reader, the reader keeps still.
	const told = new Set(found.filter(isError).map(({ pointer }) => pointer));
	const read = parsed.findings
		.filter((finding) => isError(finding) || !told.has(finding.pointer))
		.map((finding) => escalate(finding, parsed));
	// A secret in a file is out as soon as the file is; whoever publishes must hear of it here.
	const secrets = profile === 'publish' ? scanParsed(parsed) : [];
	const findings = [...read, ...found, ...secrets].map(short);
	const left = findings.length - MAX_FINDINGS;
	return left <= 0 ? findings : cut(findings, left);
}

function validateWorkflow(
	workflow: Workflow,
	options: ValidateOptions & { profile: Profile; isInList: boolean },
	found: Finding[],
): void {
	const context = contextOf(workflow, options, found);
	checkFile(context);
	checkNodes(context);
	checkEnds(context);
	if (options.profile === 'import') return;
	for (const check of BEYOND_IMPORT) check(context);
	if (options.profile === 'publish') checkHouse(context);
}

function contextOf(
	workflow: Workflow,
	options: ValidateOptions & { profile: Profile; isInList: boolean },
	found: Finding[],
): Context {
	const { profile, isInList, facts = ownFacts(), neighbours = NO_NEIGHBOURS } = options;
	const types = new Map<WorkflowNode, NodeLookup | undefined>();
	const expressions = new Map<WorkflowNode, Expression[]>();
	let graph: Graph | undefined;
	return {
		...{ workflow, profile, isInList, facts, neighbours },
		get graph() {
			return (graph ??= buildGraph(workflow));
		},
		typeOf(node) {
			if (!types.has(node)) types.set(node, facts.node(node.type, node.typeVersion));
			return types.get(node);
		},
		expressionsOf(node) {
			let known = expressions.get(node);
			if (known === undefined) {
				known = findExpressions(node.parameters, `${node.pointer}/parameters`);
				expressions.set(node, known);
			}
			return known;
		},
		wants: (code: RuleCode) => RULES[code].severity[profile] !== undefined,
		report(code: RuleCode, message: string, at: At = {}) {
			const finding = findingOf(code, message, { workflow, profile, at });
			if (finding !== undefined) found.push(finding);
		},
	};
}

function escalate(finding: Finding, parsed: Parsed): Finding {
	if (REFUSED_BY_N8N.has(finding.code)) return { ...finding, severity: 'error' };
	if (finding.code === 'file-encoding' && finding.message.includes('UTF-16'))
		return { ...finding, severity: 'error' };
	if (finding.code === 'node-type-version') {
		const node = parsed.workflows
			.flatMap(({ nodes }) => nodes)
			.find(({ pointer }) => finding.pointer === `${pointer}/typeVersion`);
		// Missing is fine for n8n, anything but a number is not.
		if (node !== undefined && own(node.source, 'typeVersion') !== undefined)
			return { ...finding, severity: 'error' };
	}
	return finding;
}

function short(finding: Finding): Finding {
	const message = clip(finding.message);
	return message === finding.message ? finding : { ...finding, message };
}

function isError({ severity }: Finding): boolean {
	return severity === 'error';
}

/** Errors stay as long as there is room. */
function cut(findings: Finding[], left: number): Finding[] {
	const kept = new Set(
		[...findings.filter(isError), ...findings.filter((finding) => !isError(finding))].slice(
			0,
			MAX_FINDINGS,
		),
	);
	const shown = findings.filter((finding) => kept.has(finding));
	const last = shown.at(-1);
	if (last !== undefined) {
		const message = `${last.message} (and ${left} more findings)`;
		shown[shown.length - 1] = { ...last, message };
	}
	return shown;
}

/** Only the text itself can tell. */
function markOf(input: unknown): string | undefined {
	const isMarked =
		typeof input === 'string'
			? input.charCodeAt(0) === 0xfeff
			: input instanceof Uint8Array && input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf;
	return isMarked ? 'The file begins with a byte order mark.' : undefined;
}
