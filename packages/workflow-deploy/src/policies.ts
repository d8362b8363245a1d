import type { Finding } from '@autopilot/workflow-kit';
import type { Policies } from './environments.ts';
import type { FileWorkflow } from './files.ts';

const TEST_URL =
	/\/webhook-test\/|\/form-test\/|https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?![\w.-])|\.(test|invalid|localhost)(?=[:/"'\s]|$)/i;

/** What an environment does not allow in a workflow. Exemptions hold until the end of their day. */
export function policyFindings(
	{ id, content, pinned }: Pick<FileWorkflow, 'id' | 'content' | 'pinned'>,
	policies: Policies,
	environment: string,
	today: string,
): Finding[] {
	const findings: Finding[] = [];
	const add = (policy: string, message: string, advice: string, node?: string) => {
		const exempt = policies.exemptions.find((one) => one.workflow === id && one.policy === policy);
		const expired = exempt !== undefined && exempt.until < today;
		if (exempt !== undefined && !expired) return;
		findings.push({
			code: `policy-${policy}`,
			severity: 'error',
			message: `${environment}: ${message}${expired ? ` The exemption ended on ${exempt.until}.` : ''}`,
			...{ advice, pointer: '', workflow: content.name },
			...(node === undefined ? {} : { node }),
		});
	};
	if (policies.pinnedData === 'forbid' && pinned) {
		add(
			'pinnedData',
			'it has pinned data.',
			'Unpin it in the editor, or take "pinData" out of the file.',
		);
	}
	const isHandler = content.nodes.some(({ type }) => type === 'n8n-nodes-base.errorTrigger');
	if (
		policies.errorWorkflow === 'require' &&
		!isHandler &&
		!hasErrorWorkflow(content.settings['errorWorkflow'])
	) {
		add(
			'errorWorkflow',
			'it has no error workflow.',
			'Set settings.errorWorkflow to the id of one.',
		);
	}
	const limit = policies.timeLimitSeconds;
	const given = content.settings['executionTimeout'];
	if (limit !== undefined && !(typeof given === 'number' && given > 0 && given <= limit)) {
		const present =
			typeof given === 'number' && given > 0
				? `its time limit is ${given} s.`
				: 'it has no time limit.';
		add('timeLimit', present, `Set settings.executionTimeout to at most ${limit} seconds.`);
	}
	for (const node of content.nodes) {
		const name = String(node['name']);
		if (node['disabled'] === true) continue;
		if (policies.forbiddenNodes.includes(String(node['type']))) {
			add(
				'forbiddenNodes',
				`"${name}" is a ${String(node['type'])}.`,
				'Such nodes are not allowed there.',
				name,
			);
		}
		const isNote = node['type'] === 'n8n-nodes-base.stickyNote';
		if (policies.testUrls === 'forbid' && !isNote) {
			const found = TEST_URL.exec(JSON.stringify(node['parameters'] ?? {}));
			if (found !== null) {
				const advice = 'Give the real address, or bind it under "urls" of the environment.';
				add('testUrls', `"${name}" names a test address (${found[0]}).`, advice, name);
			}
		}
	}
	return findings;
}

function hasErrorWorkflow(value: unknown): boolean {
	return typeof value === 'string' && value !== '' && value !== 'DEFAULT';
}
