import type { Finding, Severity } from '../findings/finding.ts';

/** What parse() can find: code -> [severity, what to do]. The rule book documents each with examples. */
export const PARSE_PROBLEMS = {
	'file-too-large': ['error', 'Give a single workflow; leave out pinned data and recorded output.'],
	'file-encoding': ['warning', 'Save the file as UTF-8.'],
	'json-syntax': ['error', 'Mend the JSON at this place, or export the workflow again.'],
	'json-duplicate-key': ['warning', 'Keep one of the two; readers take the last.'],
	'json-unsafe-key': ['warning', 'Remove the key: no node has such a parameter.'],
	'json-too-deep': ['error', 'No workflow is that deep; export it again.'],
	'json-too-many-values': ['error', 'Split the file, or leave out pinned data.'],
	'not-json': ['error', 'Give plain JSON data: no functions, dates, cycles or NaN.'],
	'no-workflow': ['error', 'Give a workflow as n8n exports it: an object with `nodes`.'],
	'too-many-workflows': ['error', 'Give one file per workflow.'],
	'too-many-nodes': ['error', 'Split the workflow into sub-workflows.'],
	'too-many-connections': ['error', 'Split the workflow into sub-workflows.'],
	'nodes-shape': ['error', 'Write `nodes` as a list of node objects.'],
	'node-shape': ['error', 'Remove the entry, or write it as a node object.'],
	'node-name-missing': ['error', 'Give the node a name; connections refer to it.'],
	'node-type-missing': ['error', 'Give the node its type, such as `n8n-nodes-base.set`.'],
	'node-type-version': ['warning', 'Write the `typeVersion` that the parameters were made for.'],
	'node-position': ['warning', 'Write `position` as [x, y].'],
	'node-parameters': ['warning', 'Write `parameters` as an object.'],
	'connections-shape': [
		'warning',
		'Write connections as {source: {type: [[{node, type, index}]]}}.',
	],
	'credential-shape': ['warning', 'Write a credential as {"<type>": {"id", "name"}}.'],
	'settings-shape': ['warning', 'Write it as an object.'],
	'group-shape': ['warning', 'Write groups as [{id, name, nodeIds}].'],
} as const satisfies Record<string, readonly [Severity, string]>;

export type ParseCode = keyof typeof PARSE_PROBLEMS;

export interface Problems {
	readonly findings: Finding[];
	add(code: ParseCode, pointer: string, message: string, where?: Where): void;
}

type Where = Partial<Pick<Finding, 'node' | 'workflow' | 'line' | 'column'>>;

/** Collects findings up to a number; the last one then says how many more there were. */
export function collectProblems(maxFindings: number): Problems {
	const findings: Finding[] = [];
	let left = 0;
	return {
		findings,
		add(code, pointer, message, where = {}) {
			const [severity, advice] = PARSE_PROBLEMS[code];
			if (findings.length < maxFindings) {
				findings.push({ code, severity, message, advice, pointer, ...where });
				return;
			}
			left += 1;
			const last = findings.at(-1);
			if (last === undefined) return;
			const suffix = / \(and \d{1,9} more problems\)$/;
			// an error that did not fit still makes the whole document wrong
			if (severity === 'error') last.severity = 'error';
			last.message = `${last.message.replace(suffix, '')} (and ${left} more problems)`;
		},
	};
}
