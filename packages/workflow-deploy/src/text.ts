import { changeLines } from './content/differences.ts';
import type { Drift, DriftStatus } from './drift.ts';
import { changesOf, type Plan, type PlanItem } from './plan.ts';

/** Paints a word; the identity for plain text. */
export type Paint = (colour: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string) => string;

const SIGNS: Record<PlanItem['action'], [string, 'green' | 'yellow' | 'red' | 'dim']> = {
	create: ['+', 'green'],
	update: ['~', 'yellow'],
	publish: ['^', 'yellow'],
	remove: ['-', 'red'],
	unchanged: ['=', 'dim'],
};

/** A plan for people: what would be done in which order, and what stops it. */
export function planText(plan: Plan, paint: Paint): string {
	const lines = [paint('bold', `${plan.origin} -> ${plan.environment} (${plan.url})`)];
	if (plan.interrupted !== undefined) {
		const { startedAt, by } = plan.interrupted.journal;
		lines.push(
			paint(
				'yellow',
				`! A deployment of ${startedAt} by ${by} was interrupted: apply ${plan.interrupted.phase === 'preparing' ? 'puts back' : 'finishes'} it first.`,
			),
		);
	}
	for (const { path, findings } of plan.broken) {
		lines.push(`${paint('red', '✗')} ${path}`, ...findings.map((one) => findingLine(one, paint)));
	}
	for (const item of plan.items) {
		const [sign, colour] = SIGNS[item.action];
		const what = item.action === 'unchanged' ? paint('dim', item.id) : item.id;
		const to = item.instanceId === item.id ? '' : paint('dim', ` (${item.instanceId})`);
		lines.push(`${paint(colour, sign)} ${what}${to}  ${paint('dim', describe(item))}`);
		lines.push(...linesOf(item, paint).map((line) => `    ${line}`));
		lines.push(...item.findings.map((one) => findingLine(one, paint)));
	}
	lines.push('', summary(plan));
	return lines.join('\n');
}

function describe({ action, publish, name, edit }: PlanItem): string {
	const words: Record<PlanItem['action'], string> = {
		create: publish ? 'new, into production' : 'new, not published',
		update: publish ? 'changed, into production' : 'changed, not published',
		publish: publish ? 'into production as it is' : 'out of production',
		remove: 'no longer in the files: out of production, archived',
		unchanged: edit === undefined ? 'unchanged' : `kept (${edit} in the editor)`,
	};
	return `“${name}” ${words[action]}`;
}

function linesOf({ action, current, target }: PlanItem, paint: Paint): string[] {
	if (action !== 'update' || current === undefined || target === undefined) return [];
	return changeLines(current.draft, target, paint);
}

function findingLine(
	{ severity, message, advice }: { severity: string; message: string; advice: string },
	paint: Paint,
): string {
	const mark = severity === 'error' ? paint('red', '✗') : paint('yellow', '!');
	return `    ${mark} ${message}\n      ${paint('dim', advice)}`;
}

function summary(plan: Plan): string {
	const changes = changesOf(plan);
	const blockers = [...plan.broken, ...plan.items]
		.flatMap(({ findings }) => findings)
		.filter(({ severity }) => severity === 'error');
	if (blockers.length > 0)
		return `Stopped by ${blockers.length === 1 ? 'one finding' : `${blockers.length} findings`}: apply would do nothing.`;
	if (changes.length === 0) return 'Nothing to do: what runs is what the files say.';
	return `${changes.length === 1 ? 'One workflow' : `${changes.length} workflows`} would change.`;
}

const MEANING: Record<DriftStatus, string> = {
	'in-sync': 'in sync',
	files: 'the files have moved: apply brings it to n8n',
	editor: 'the editor has moved: --adopt brings it to the files, --revert puts the files back',
	both: 'files and editor have both moved',
	new: 'only in the files: apply creates it',
	unknown: 'differs, and was never applied from here: --adopt or --revert',
	'left-files': 'applied once, no longer in the files: apply --prune archives it',
};

/** What no workflow file can say, so that only --revert settles it, or a change elsewhere. */
const NOT_FOR_FILES: Partial<Record<NonNullable<Drift['edit']>, string>> = {
	deleted: 'deleted in the editor: take its file away as well, or --revert creates it again',
	archived: 'archived in the editor: take its file away as well, or --revert brings it back',
	unpublished:
		'unpublished in the editor: name it under "unpublished" of the environment, or --revert publishes it again',
};

/** What to do about an edit that --adopt cannot bring into a file; undefined where it can. */
export function notForFiles({ edit }: Pick<Drift, 'edit'>): string | undefined {
	return edit === undefined ? undefined : NOT_FOR_FILES[edit];
}

/** A drift report for people. */
export function driftText(drifts: readonly Drift[], paint: Paint): string {
	const lines = drifts.flatMap((drift) => {
		const isCalm = drift.status === 'in-sync';
		const mark = isCalm ? paint('green', '=') : paint('yellow', '≠');
		const meaning = (isCalm ? undefined : notForFiles(drift)) ?? MEANING[drift.status];
		return [
			`${mark} ${drift.id}  ${paint('dim', meaning)}`,
			...drift.editorChanges.map((line) => `    editor: ${line}`),
			...drift.fileChanges.map((line) => `    files:  ${line}`),
			...(drift.unpublishedDraft
				? [`    ${paint('yellow', '!')} the editor has a draft that is not in production`]
				: []),
		];
	});
	const moved = drifts.filter(({ status }) => status !== 'in-sync').length;
	return [
		...lines,
		'',
		moved === 0 ? 'No drift.' : `${moved} of ${drifts.length} have moved.`,
	].join('\n');
}
