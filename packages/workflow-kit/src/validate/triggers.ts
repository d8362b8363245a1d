import { isObject, own, ownString, type JsonObject } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import type { Context } from './context.ts';
import { isTrigger } from './graph.ts';
import { webhookKeys } from './neighbours.ts';

const BASE = 'n8n-nodes-base.';
const WEBHOOK = `${BASE}webhook`;
const RESPOND = `${BASE}respondToWebhook`;
/** They start a test in the editor, and nothing in production. */
const MANUAL = new Set([`${BASE}manualTrigger`, '@n8n/n8n-nodes-langchain.manualChatTrigger']);
/** Nodes that an address of n8n leads to; that of `webhook` is its path alone. */
const ADDRESSED = new Set([
	...[`${BASE}formTrigger`, `${BASE}wait`, `${BASE}form`],
	...['@n8n/n8n-nodes-langchain.chatTrigger', '@n8n/n8n-nodes-langchain.mcpTrigger'],
]);

export function checkTriggers(context: Context): void {
	const { workflow, typeOf, report } = context;
	const starts = workflow.nodes.filter(
		(node) =>
			!node.disabled && !MANUAL.has(node.type) && isTrigger(node, typeOf(node)?.facts.trigger),
	);
	if (starts.length === 0 && !workflow.nodes.some((node) => mayStart(context, node))) {
		const byHand = workflow.nodes.some(({ type, disabled }) => !disabled && MANUAL.has(type));
		if (byHand)
			report('trigger-missing', 'The workflow can only be started by hand.', {
				...(context.profile === 'run' && { severity: 'warning' }),
			});
		else report('trigger-missing', 'No node starts the workflow.');
	}
	for (const node of workflow.nodes) {
		if (node.disabled) continue;
		if (node.type === WEBHOOK) checkWebhook(context, node);
		checkAddress(context, node);
		if (node.type === `${BASE}scheduleTrigger`) checkSchedule(context, node);
	}
	checkPaths(context);
	checkUnusedAnswer(context);
}

/** A node of a package that nobody here knows may be a trigger. */
function mayStart({ facts }: Context, { type }: WorkflowNode): boolean {
	const packageName = type.slice(0, Math.max(0, type.indexOf('.')));
	return packageName !== '' && !facts.knowsPackage(packageName) && /trigger/i.test(type);
}

function checkWebhook({ report, workflow }: Context, node: WorkflowNode): void {
	const path = own(node.parameters, 'path');
	if (path === undefined || path === '')
		report('webhook-path-missing', `"${node.name}" has no path.`, { node });
	const mode = own(node.parameters, 'responseMode');
	const answers = workflow.nodes.some(({ type, disabled }) => type === RESPOND && !disabled);
	// A sub-workflow may answer for it.
	const calls = workflow.nodes.some(({ type }) => type === `${BASE}executeWorkflow`);
	if (mode === 'responseNode' && !answers && !calls)
		report('webhook-answer-missing', `Nothing answers "${node.name}".`, { node });
}

function checkAddress({ report }: Context, node: WorkflowNode): void {
	const isOurs = node.type.startsWith('n8n-nodes-autopilot.') && node.type.endsWith('Trigger');
	if (!ADDRESSED.has(node.type) && !isOurs && node.type !== WEBHOOK) return;
	if (own(node.source, 'webhookId') !== undefined) return;
	// A webhook with a path of its own keeps its address; n8n still wants the id for its test address.
	report('webhook-id-missing', `"${node.name}" has no webhookId.`, { node });
}

function checkPaths({ report, workflow, neighbours }: Context): void {
	const seen = new Map<string, WorkflowNode>();
	for (const node of workflow.nodes) {
		for (const key of webhookKeys(node)) {
			const first = seen.get(key);
			if (first !== undefined) {
				report('webhook-path-taken', `"${first.name}" and "${node.name}" both listen at ${key}.`, {
					node,
				});
			} else seen.set(key, node);
			const other = neighbours.webhooks
				.get(key)
				?.find((one) => one.workflow.source !== workflow.source);
			if (other !== undefined) {
				report(
					'webhook-path-taken',
					`"${node.name}" listens at ${key}, as "${other.node.name}" of "${other.workflow.name}" does.`,
					{ node },
				);
			}
		}
	}
}

function checkUnusedAnswer({ report, workflow }: Context): void {
	const answer = workflow.nodes.find(({ type, disabled }) => type === RESPOND && !disabled);
	if (answer === undefined) return;
	const hooks = workflow.nodes.filter(
		({ type, disabled }) => !disabled && (type === WEBHOOK || type === `${BASE}formTrigger`),
	);
	const modes = hooks.map(
		({ parameters }) => ownString(parameters, 'responseMode') ?? 'onReceived',
	);
	const mayWait = (mode: string) =>
		mode === 'responseNode' || mode.startsWith('=') || mode === 'streaming';
	if (hooks.length > 0 && !modes.some(mayWait))
		report('webhook-answer-unused', `No trigger waits for "${answer.name}".`, { node: answer });
}

function checkSchedule(context: Context, node: WorkflowNode): void {
	const rule = own(node.parameters, 'rule');
	const intervals = isObject(rule) ? own(rule, 'interval') : undefined;
	if (!Array.isArray(intervals)) return;
	for (const [index, interval] of intervals.entries()) {
		if (!isObject(interval)) continue;
		const pointer = `${node.pointer}/parameters/rule/interval/${index}`;
		const told = scheduleProblem(interval);
		if (told !== undefined)
			context.report(told.code, `"${node.name}": ${told.message}`, { node, pointer });
	}
}

interface Told {
	code: 'schedule-too-frequent' | 'schedule-never';
	message: string;
}

function scheduleProblem(interval: JsonObject): Told | undefined {
	const field = ownString(interval, 'field') ?? 'days';
	if (field === 'cronExpression') return cronProblem(ownString(interval, 'expression') ?? '');
	const amount = own(interval, `${field}Interval`);
	if (typeof amount !== 'number') return undefined;
	if (amount <= 0) return { code: 'schedule-never', message: `every ${amount} ${field}.` };
	return field === 'seconds' && amount < 60
		? { code: 'schedule-too-frequent', message: `every ${amount} seconds.` }
		: undefined;
}

const CRON_FIELD = /^[\d*/,\-A-Za-z?#LW]{1,200}$/;

function cronProblem(expression: string): Told | undefined {
	if (expression.startsWith('=') || expression.startsWith('@')) return undefined;
	const fields = expression.trim().split(/\s+/);
	const shown = expression.slice(0, 60);
	if (fields.length < 5 || fields.length > 6 || !fields.every((one) => CRON_FIELD.test(one)))
		return { code: 'schedule-never', message: `"${shown}" is no cron expression.` };
	if (fields.some((one) => /[a-z]{4}/i.test(one)))
		return { code: 'schedule-never', message: `"${shown}" is no cron expression.` };
	const seconds = fields.length === 6 ? fields[0] : '0';
	return seconds !== undefined && /[*/,-]/.test(seconds) && seconds !== '*/60'
		? { code: 'schedule-too-frequent', message: `"${shown}" has several seconds in each minute.` }
		: undefined;
}
