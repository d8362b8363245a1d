import type { WorkflowDiff } from './diff.ts';
import { hunks } from './lines.ts';
import { connectionText, movedText, placeText, shown, valueText } from './text.ts';
import type { ValueChange } from './values.ts';

const MAX_LINES = 80;

/** A difference for a pull request. */
export function diffMarkdown(diff: WorkflowDiff, title = diff.name.after): string {
	const lines = [`### ${safe(title)}`, ''];
	if (diff.same) return `${lines[0] ?? ''}\n\nNo difference.\n`;
	for (const { name, type } of diff.added) lines.push(`- **added** ${safe(name)} (${safe(type)})`);
	for (const { name, type } of diff.removed)
		lines.push(`- **removed** ${safe(name)} (${safe(type)})`);
	for (const { name, renamedFrom, changes } of diff.changed) {
		const was = renamedFrom === undefined ? '' : `, was ${safe(renamedFrom)}`;
		lines.push(`- **changed** ${safe(name)}${was}`);
		for (const change of changes) lines.push(...changeLines(change));
	}
	for (const one of diff.connected) lines.push(`- **connected** ${safe(connectionText(one))}`);
	for (const one of diff.disconnected)
		lines.push(`- **disconnected** ${safe(connectionText(one))}`);
	if (diff.workflow.length > 0) {
		lines.push('- **workflow**');
		for (const change of diff.workflow) lines.push(...changeLines(change));
	}
	if (diff.moved.length > 0) lines.push(`- ${safe(movedText(diff).trim())}`);
	return `${lines.join('\n')}\n`;
}

function changeLines(change: ValueChange): string[] {
	const place = code(placeText(change.pointer));
	if (change.lines !== undefined) {
		const lines = hunks(change.lines)
			.slice(0, MAX_LINES)
			.map((line) => (line === undefined ? '  ...' : `${line.sign} ${shown(line.text, 300)}`));
		const fence = fenceFor(lines.join('\n'));
		return [
			`  - ${place}`,
			'',
			`    ${fence}diff`,
			...lines.map((line) => `    ${line}`),
			`    ${fence}`,
			'',
		];
	}
	switch (change.kind) {
		case 'added':
			return [`  - ${place}: ${code(valueText(change.after))}`];
		case 'removed':
			return [`  - ${place}: ${code(valueText(change.before))} is gone`];
		case 'changed':
			return [`  - ${place}: ${code(valueText(change.before))} → ${code(valueText(change.after))}`];
	}
}

/** Text that stays text: no markup, no links, nobody is mentioned. */
function safe(text: string): string {
	return shown(text)
		.replace(/[\\`*_{}[\]()#+!|<>~&@]/g, (one) => `&#${one.charCodeAt(0)};`)
		.replace(/:\/\//g, '&#58;//');
}

function code(text: string): string {
	const ticks = fenceFor(text, 1);
	const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
	return `${ticks}${pad}${text}${pad}${ticks}`;
}

/** Longer than any row of backticks inside. */
function fenceFor(text: string, least = 3): string {
	let longest = 0;
	let run = 0;
	for (const character of text) {
		run = character === '`' ? run + 1 : 0;
		if (run > longest) longest = run;
	}
	return '`'.repeat(Math.max(least, longest + 1));
}
