import type { Finding } from '@autopilot/workflow-kit';
import { referencesOf } from './content/references.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import type { PlanItem } from './plan.ts';

/** Credentials that n8n does not have: it would drop the reference without a word. */
export function credentialFindings({ name, credentials }: PlanItem): Finding[] {
	return credentials
		.filter(({ found }) => found === undefined)
		.map(({ node, type, wanted, candidates }) => {
			const called = [wanted.name && `"${wanted.name}"`, wanted.id && `id ${wanted.id}`]
				.filter(Boolean)
				.join(', ');
			const isAmbiguous = candidates.length > 1;
			return {
				code: isAmbiguous ? 'credential-ambiguous' : 'credential-missing',
				severity: 'error',
				message: isAmbiguous
					? `"${node}" uses a credential of type ${type} (${called}), and this n8n has ${candidates.length} of that name.`
					: `"${node}" uses a credential of type ${type} (${called}), which this n8n does not have.`,
				advice: isAmbiguous
					? `Bind it to one of ${candidates.map(({ id }) => id).join(', ')} in environments.json: bindings.credentials.`
					: 'Create it in n8n under that name, or bind it to another in environments.json: bindings.credentials.',
				...{ pointer: '', workflow: name, node },
			};
		});
}

/** Workflows that it calls and that would not be in production. */
export function referenceFindings(
	{ name, instanceId, target, publish }: PlanItem,
	items: readonly PlanItem[],
	present: ReadonlyMap<string, InstanceWorkflow>,
): Finding[] {
	if (target === undefined) return [];
	return referencesOf(target).flatMap((id): Finding[] => {
		if (id === instanceId) return [];
		const planned = items.find((item) => item.instanceId === id);
		const there = present.get(id);
		const willRun =
			planned?.action === 'unchanged' || planned === undefined
				? there?.published !== undefined
				: planned.publish;
		if (willRun || (!publish && (planned !== undefined || there !== undefined))) return [];
		const isThere = planned !== undefined || there !== undefined;
		return [
			{
				code: isThere ? 'sub-workflow-unpublished' : 'sub-workflow-missing',
				severity: 'error',
				message: isThere
					? `It needs the workflow ${id}, which is not in production.`
					: `It needs the workflow ${id}, which is neither in the files nor in this n8n.`,
				advice: isThere
					? 'Publish that one first; a workflow without a trigger cannot be published.'
					: 'Add its file, or bind the id in environments.json: bindings.workflows.',
				...{ pointer: '', workflow: name },
			},
		];
	});
}

/** Workflows that stay in production and call one that would be archived. */
export function removalFindings(
	{ name, instanceId }: PlanItem,
	items: readonly PlanItem[],
	present: ReadonlyMap<string, InstanceWorkflow>,
): Finding[] {
	const callers = [...present.values()].flatMap(({ id, archived, published }) => {
		const planned = items.find((item) => item.instanceId === id && item.action !== 'unchanged');
		const stays = planned === undefined ? !archived : planned.publish;
		const content = planned === undefined ? published?.content : planned.target;
		if (id === instanceId || !stays || content === undefined) return [];
		return referencesOf(content).includes(instanceId) ? [`"${content.name}"`] : [];
	});
	if (callers.length === 0) return [];
	return [
		{
			code: 'sub-workflow-in-use',
			severity: 'error',
			message: `It would be archived, and ${callers.slice(0, 5).join(', ')} in production still need${callers.length === 1 ? 's' : ''} it.`,
			advice: 'Bring its file back, or take the call out of what needs it.',
			...{ pointer: '', workflow: name },
		},
	];
}
