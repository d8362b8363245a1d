import type { Finding } from '../findings/finding.ts';
import { isObject, own, ownString, type Json } from '../model/json.ts';
import type { Profile } from './rule.ts';
import { findingOf } from './context.ts';
import { isRuleCode, type RuleCode } from './rules.ts';

/** A rule that is turned off in one place, for a reason, until a day. */
export interface Exemption {
	rule: RuleCode;
	/** Name of the file, without its folder; every file when it is missing. */
	file?: string;
	/** Name of the node; every node when it is missing. */
	node?: string;
	reason: string;
	/** The last day on which it holds: YYYY-MM-DD. */
	until: string;
	pointer: string;
}

/** Reads `lint.json`: {"exemptions": [{rule, file?, node?, reason, until}]}. What is wrong with it is a finding. */
export function readExemptions(
	document: unknown,
	profile: Profile,
): { exemptions: Exemption[]; findings: Finding[] } {
	const findings: Finding[] = [];
	const wrong = (pointer: string, message: string) => {
		const finding = findingOf('exemption-wrong', message, { profile, at: { pointer } });
		if (finding !== undefined) findings.push(finding);
	};
	const list = isObject(document) ? own(document, 'exemptions') : undefined;
	if (!Array.isArray(list)) {
		wrong('', 'There is no list of exemptions.');
		return { exemptions: [], findings };
	}
	const exemptions = list.flatMap((entry, index) => {
		const pointer = `/exemptions/${index}`;
		const read = readExemption(entry, pointer);
		if (typeof read !== 'string') return [read];
		wrong(pointer, read);
		return [];
	});
	return { exemptions, findings };
}

function readExemption(entry: Json, pointer: string): Exemption | string {
	if (!isObject(entry)) return 'An exemption is not an object.';
	const [rule = '', reason = '', until = ''] = ['rule', 'reason', 'until'].map(
		(key) => ownString(entry, key) ?? '',
	);
	if (!isRuleCode(rule)) return `There is no rule ${JSON.stringify(rule)}.`;
	if (reason.trim().length < 10) return `The exemption from ${rule} has no reason.`;
	if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(Date.parse(until)))
		return `The exemption from ${rule} has no day on which it ends.`;
	const [file, node] = [ownString(entry, 'file'), ownString(entry, 'node')];
	return {
		...{ rule, reason, until, pointer },
		...(file !== undefined && { file }),
		...(node !== undefined && { node }),
	};
}

/**
 * Takes away the findings that are exempted. One that has expired takes nothing away and is an error itself; one that
 * nothing needs any more is a warning.
 * @param today YYYY-MM-DD
 */
export function applyExemptions(
	documents: readonly { file: string; findings: readonly Finding[] }[],
	exemptions: readonly Exemption[],
	{ today, profile }: { today: string; profile: Profile },
): { kept: Finding[][]; findings: Finding[] } {
	const valid = exemptions.filter(({ until }) => until >= today);
	const used = new Set<Exemption>();
	const kept = documents.map(({ file, findings }) =>
		findings.filter((finding) => {
			const exemption = valid.find((one) => covers(one, file, finding));
			if (exemption !== undefined) used.add(exemption);
			return exemption === undefined;
		}),
	);
	const files = new Set(documents.map(({ file }) => file));
	const findings = exemptions.flatMap((exemption) => {
		const { rule, until, pointer, file } = exemption;
		const told =
			until < today
				? findingOf('exemption-expired', `The exemption from ${rule} ended on ${until}.`, {
						...{ profile, at: { pointer } },
					})
				: !used.has(exemption) && (file === undefined || files.has(file))
					? findingOf('exemption-unused', `Nothing needs the exemption from ${rule}.`, {
							...{ profile, at: { pointer } },
						})
					: undefined;
		return told === undefined ? [] : [told];
	});
	return { kept, findings };
}

function covers({ rule, file, node }: Exemption, of: string, finding: Finding): boolean {
	return (
		finding.code === rule &&
		(file === undefined || file === of) &&
		(node === undefined || node === finding.node)
	);
}
