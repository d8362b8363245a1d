import { isObject, step, type Finding, type Json, type Parsed } from '@autopilot/workflow-kit';
import { binder } from './content/bindings.ts';
import { contentOf } from './content/content.ts';
import type { EnvironmentRules, Policies } from './environments.ts';
import { isPinned, type FileWorkflow } from './files.ts';

const TEST_URL =
	/\/webhook-test\/|\/form-test\/|https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?![\w.-])|\.(test|invalid|localhost)(?=[:/"'\s]|$)/i;

/** The codes of findings, with what each is about. */
export const POLICY_TEXTS: ReadonlyMap<string, { title: string; why: string }> = new Map([
	[
		'policy-pinnedData',
		{
			title: 'Pinned data where the environment forbids it',
			why: 'A manual run takes pinned data in place of what a node would give, and it shows whatever was pinned to everybody who may open the workflow.',
		},
	],
	[
		'policy-errorWorkflow',
		{
			title: 'No error workflow where the environment requires one',
			why: 'Without one nobody hears of a failed execution.',
		},
	],
	[
		'policy-timeLimit',
		{
			title: 'No time limit, or a longer one than the environment allows',
			why: 'An execution that hangs keeps its place until somebody looks.',
		},
	],
	[
		'policy-forbiddenNodes',
		{
			title: 'A node that the environment forbids',
			why: 'Nodes that run commands or reach other machines are not wanted everywhere.',
		},
	],
	[
		'policy-testUrls',
		{
			title: 'A test address where the environment forbids them',
			why: 'It works on the machine of whoever wrote it, and nowhere else.',
		},
	],
]);

/**
 * What an environment does not allow in the workflows of a document, after its bindings of addresses. Needs no n8n.
 * @param today ISO 8601; exemptions hold until the end of their day
 */
export function checkPolicies(
	{ workflows }: Parsed,
	{ name, bindings, policies }: EnvironmentRules,
	today: string,
): Finding[] {
	const { toInstance } = binder(bindings, [], []);
	return workflows.flatMap(({ id = '', pointer, source, pinData }) => {
		const { content } = toInstance(contentOf(source));
		const pinned = isPinned(pinData);
		return policyFindings({ id, pointer, source, content, pinned }, policies, name, today);
	});
}

/** What an environment does not allow in a workflow. Exemptions hold until the end of their day. */
export function policyFindings(
	{
		id,
		pointer,
		source,
		content,
		pinned,
	}: Pick<FileWorkflow, 'id' | 'pointer' | 'source' | 'content' | 'pinned'>,
	policies: Policies,
	environment: string,
	today: string,
): Finding[] {
	const findings: Finding[] = [];
	const add = (policy: string, message: string, advice: string, at: string, node?: string) => {
		const exempt = policies.exemptions.find((one) => one.workflow === id && one.policy === policy);
		const expired = exempt !== undefined && exempt.until < today;
		if (exempt !== undefined && !expired) return;
		findings.push({
			code: `policy-${policy}`,
			severity: 'error',
			message: `${environment}: ${message}${expired ? ` The exemption ended on ${exempt.until}.` : ''}`,
			...{ advice, pointer: pointer + at, workflow: content.name },
			...(node === undefined ? {} : { node }),
		});
	};
	const settingAt = (name: string) => {
		if (!isObject(source['settings'])) return '';
		return name in source['settings'] ? `/settings/${name}` : '/settings';
	};
	if (policies.pinnedData === 'forbid' && pinned) {
		const advice = 'Unpin it in the editor, or take "pinData" out of the file.';
		add('pinnedData', 'it has pinned data.', advice, '/pinData');
	}
	const isHandler = content.nodes.some(({ type }) => type === 'n8n-nodes-base.errorTrigger');
	if (
		policies.errorWorkflow === 'require' &&
		!isHandler &&
		!hasErrorWorkflow(content.settings['errorWorkflow'])
	) {
		const advice = 'Set settings.errorWorkflow to the id of one.';
		add('errorWorkflow', 'it has no error workflow.', advice, settingAt('errorWorkflow'));
	}
	const limit = policies.timeLimitSeconds;
	const given = content.settings['executionTimeout'];
	if (limit !== undefined && !(typeof given === 'number' && given > 0 && given <= limit)) {
		const present =
			typeof given === 'number' && given > 0
				? `its time limit is ${given} s.`
				: 'it has no time limit.';
		const advice = `Set settings.executionTimeout to at most ${limit} seconds.`;
		add('timeLimit', present, advice, settingAt('executionTimeout'));
	}
	const places = placesOfNodes(source['nodes']);
	for (const [index, node] of content.nodes.entries()) {
		const name = String(node['name']);
		if (node['disabled'] === true) continue;
		const at = places[index] ?? '';
		const type = String(node['type']);
		if (policies.forbiddenNodes.includes(type)) {
			const advice = 'Such nodes are not allowed there.';
			add('forbiddenNodes', `"${name}" is a ${type}.`, advice, `${at}/type`, name);
		}
		if (policies.testUrls === 'forbid' && type !== 'n8n-nodes-base.stickyNote') {
			const found = testUrlIn(node['parameters'] ?? {});
			if (found !== undefined) {
				const advice = 'Give the real address, or bind it under "urls" of the environment.';
				const message = `"${name}" names a test address (${found.url}).`;
				add('testUrls', message, advice, `${at}/parameters${found.at}`, name);
			}
		}
	}
	return findings;
}

/** Pointers of the nodes that a content has; it leaves out what is no node. */
function placesOfNodes(nodes: Json | undefined): string[] {
	if (!Array.isArray(nodes)) return [];
	return nodes.flatMap((node, index) => (isObject(node) ? [`/nodes/${index}`] : []));
}

/** The first one, and where it stands. */
function testUrlIn(value: Json): { url: string; at: string } | undefined {
	if (typeof value === 'string') {
		const found = TEST_URL.exec(value);
		return found === null ? undefined : { url: found[0], at: '' };
	}
	if (typeof value !== 'object' || value === null) return undefined;
	for (const [key, inner] of Object.entries(value)) {
		const found = testUrlIn(inner);
		if (found !== undefined) return { url: found.url, at: step(key) + found.at };
	}
	return undefined;
}

function hasErrorWorkflow(value: unknown): boolean {
	return typeof value === 'string' && value !== '' && value !== 'DEFAULT';
}
