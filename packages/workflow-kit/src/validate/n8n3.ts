import { own } from '../model/json.ts';
import type { Context } from './context.ts';
import { codeOf } from './expressions.ts';

const BASE = 'n8n-nodes-base.';
const REMOVED = new Set(['function', 'functionItem', 'itemLists'].map((name) => BASE + name));

/** What works in n8n 2 and no longer in n8n 3. */
export function checkN8n3({ workflow, report }: Context): void {
	if (own(workflow.settings, 'callerPolicy') === 'any')
		report('n8n3-caller-policy-any', '`settings.callerPolicy` is any.', {
			pointer: `${workflow.pointer}/settings/callerPolicy`,
		});
	for (const node of workflow.nodes) {
		const { parameters, pointer, name, type } = node;
		if (REMOVED.has(type))
			report('n8n3-removed-node', `"${name}" is of type ${type}.`, {
				...{ node, pointer: `${pointer}/type` },
			});
		if (type === `${BASE}executeWorkflow`) {
			if (own(parameters, 'mode') === 'each')
				report('n8n3-run-for-each', `"${name}" runs once for each item.`, {
					...{ node, pointer: `${pointer}/parameters/mode` },
				});
			const source = own(parameters, 'source');
			if (source === 'localFile' || source === 'url')
				report('n8n3-workflow-source', `"${name}" reads a workflow from ${source}.`, {
					...{ node, pointer: `${pointer}/parameters/source` },
				});
		}
		const code = codeOf(node);
		if (code?.code.includes('setTimeout(') === true)
			report('n8n3-runner-timeout', `The code of "${name}" waits by itself.`, {
				...{ node, pointer: `${pointer}/parameters/${code.parameter}` },
			});
	}
}
