import type { Finding } from '../findings/finding.ts';
import type { Json } from '../model/json.ts';
import type { Limits } from '../model/limits.ts';
import type { Parsed, Workflow } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import { secretsIn } from './secrets-in.ts';
import type { Match } from './rules/match.ts';
import { walkTexts, type TextAt } from './walk.ts';

/** A secret at its place. Holds the secret itself: for redact, never for a log. */
export interface Secret extends Match {
	at: TextAt;
}

/** More are not listed: such a file is wrong as a whole. */
const MAX_SECRETS = 1_000;

/** All secrets in JSON data. */
export function findSecrets(document: Json): Secret[] {
	const secrets: Secret[] = [];
	walkTexts(document, (at) => {
		for (const match of secretsIn(at)) secrets.push({ ...match, at });
		return secrets.length < MAX_SECRETS;
	});
	return secrets;
}

/**
 * The secrets of a document as findings, whose messages do not repeat them. Looks everywhere: also
 * around the workflows and into fields that n8n does not know.
 */
export function scan(input: unknown, limits: Partial<Limits> = {}): Finding[] {
	const parsed = parse(input, limits);
	const unreadable = parsed.document === undefined;
	return unreadable ? parsed.findings : scanParsed(parsed);
}

export function scanParsed({ document, workflows }: Parsed): Finding[] {
	if (document === undefined) return [];
	return findSecrets(document).map((secret) => {
		const where = whereIs(secret.at.pointer, workflows);
		const text = secret.at.text.slice(secret.start, secret.end);
		return {
			code: `secret-${secret.kind}`,
			severity: secret.severity,
			message: `${capitalised(secret.title)} in a ${secret.at.place} (${hint(text)}).`,
			advice: ADVICE,
			pointer: secret.at.pointer,
			...where,
		};
	});
}

const ADVICE =
	'Put it into a credential of n8n, and revoke this one: who has the file has the key. `autopilot workflows redact` takes it out.';

/** Enough to recognise it among one's own keys, too little to use it. */
function hint(text: string): string {
	const shown = text.length >= 20 ? `${text.slice(0, 4)}…, ` : '';
	return `${shown}${text.length} characters`;
}

function capitalised(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function whereIs(pointer: string, workflows: Workflow[]): Pick<Finding, 'node' | 'workflow'> {
	const workflow = workflows.find((one) => pointer.startsWith(`${one.pointer}/`));
	if (workflow === undefined) return {};
	const index = /^\/nodes\/(\d{1,9})(?:\/|$)/.exec(pointer.slice(workflow.pointer.length))?.[1];
	const node = workflow.nodes.find((one) => String(one.index) === index);
	return { workflow: workflow.name, ...(node !== undefined && { node: node.name }) };
}
