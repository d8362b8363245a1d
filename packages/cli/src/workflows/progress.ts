import type { Applied, ApplyProgress } from '@autopilot/workflow-deploy';
import { colour, print, printError, printJson } from '../terminal/print.ts';

const WORDS: Record<ApplyProgress['phase'], string> = {
	recover: 'interrupted',
	prepare: 'draft',
	switch: 'production',
	verify: 'read back',
	undo: 'undo',
};

/** One line per thing that is done, on stderr: stdout carries the result. */
export function showProgress({ phase, id, detail }: ApplyProgress): void {
	const mark = phase === 'undo' ? colour('red', '↺') : colour('dim', '·');
	printError(`${mark} ${WORDS[phase].padEnd(11)} ${id ?? ''} ${colour('dim', detail)}`);
}

/** What an apply has done. */
export function printApplied({ plan, recovered, changed }: Applied, json: boolean): void {
	if (json) {
		const { environment, url, origin, filesHash } = plan;
		printJson({ environment, url, origin, filesHash, recovered: recovered ?? null, changed });
		return;
	}
	if (recovered !== undefined)
		print(`${colour('yellow', '!')} An interrupted deployment was ${recovered} first.`);
	for (const { id, findings } of plan.items)
		for (const { message, severity } of findings)
			if (severity === 'warning') print(`${colour('yellow', '!')} ${id}: ${message}`);
	if (changed.length === 0) {
		print(`${colour('green', '✔')} Nothing to do: what runs is what the files say.`);
		return;
	}
	for (const { id, action } of changed)
		print(`${colour('green', '✔')} ${id}  ${colour('dim', action)}`);
	print(`What runs on ${plan.url} is what ${plan.origin} says, read back word for word.`);
}
