import type { Json } from '../model/json.ts';
import { stepsOf } from '../model/json.ts';
import type { Connection, WorkflowDiff } from './diff.ts';
import { hunks } from './lines.ts';
import type { ValueChange } from './values.ts';

export type Paint = (colour: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

const MAX_VALUE = 100;
const MAX_LINES = 60;
const MAX_MOVES = 5;

/** A difference for people at a terminal. '' when there is none. */
export function diffText(diff: WorkflowDiff, paint: Paint = (_colour, text) => text): string {
	const lines: string[] = [];
	for (const { name, type } of diff.added)
		lines.push(paint('green', `+ ${shown(name)}`) + paint('dim', `  ${shown(type)}`));
	for (const { name, type } of diff.removed)
		lines.push(paint('red', `- ${shown(name)}`) + paint('dim', `  ${shown(type)}`));
	for (const { name, renamedFrom, changes } of diff.changed) {
		const was = renamedFrom === undefined ? '' : paint('dim', `  was ${shown(renamedFrom)}`);
		lines.push(paint('yellow', `~ ${shown(name)}`) + was);
		for (const change of changes)
			lines.push(...changeLines(change, paint).map((line) => `    ${line}`));
	}
	for (const one of diff.connected) lines.push(paint('green', `+ ${connectionText(one)}`));
	for (const one of diff.disconnected) lines.push(paint('red', `- ${connectionText(one)}`));
	if (diff.workflow.length > 0) {
		lines.push(paint('yellow', '~ workflow'));
		for (const change of diff.workflow)
			lines.push(...changeLines(change, paint).map((line) => `    ${line}`));
	}
	if (diff.moved.length > 0) lines.push(paint('dim', movedText(diff)));
	return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

export function movedText({ moved }: WorkflowDiff): string {
	const names = moved.slice(0, MAX_MOVES).map(({ name }) => shown(name));
	const more = moved.length > MAX_MOVES ? ` and ${moved.length - MAX_MOVES} more` : '';
	return `  moved: ${names.join(', ')}${more}`;
}

export function connectionText({
	source,
	sourceType,
	sourceIndex,
	target,
	targetIndex,
}: Connection): string {
	if (sourceType !== 'main') return `${shown(source)} ..${shown(sourceType)}.. ${shown(target)}`;
	const from = sourceIndex === 0 ? '' : ` [${sourceIndex}]`;
	const to = targetIndex === 0 ? '' : ` [${targetIndex}]`;
	return `${shown(source)}${from} -> ${shown(target)}${to}`;
}

function changeLines(change: ValueChange, paint: Paint): string[] {
	const place = placeText(change.pointer);
	if (change.lines !== undefined) {
		const lines = hunks(change.lines).slice(0, MAX_LINES);
		return [
			`${place}:`,
			...lines.map((line) => {
				if (line === undefined) return paint('dim', '  ...');
				const text = `  ${line.sign} ${shown(line.text, 300)}`;
				return line.sign === '+'
					? paint('green', text)
					: line.sign === '-'
						? paint('red', text)
						: paint('dim', text);
			}),
		];
	}
	switch (change.kind) {
		case 'added':
			return [`${place}: ${paint('green', valueText(change.after))}`];
		case 'removed':
			return [`${place}: ${paint('red', valueText(change.before))} is gone`];
		case 'changed':
			return [
				`${place}: ${paint('red', valueText(change.before))} -> ${paint('green', valueText(change.after))}`,
			];
	}
}

/** /parameters/rules/0/name as parameters.rules[0].name */
export function placeText(pointer: string): string {
	return stepsOf(pointer).reduce((path, key) => {
		if (/^\d{1,9}$/.test(key)) return `${path}[${key}]`;
		const name = shown(key, 60);
		return path === '' ? name : `${path}.${name}`;
	}, '');
}

export function valueText(value: Json | undefined): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return shown(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}...` : text, MAX_VALUE + 3);
}

/** Names and values are somebody's text: no control characters reach a terminal. */
export function shown(text: string, limit = 120): string {
	const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
	return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (one) =>
		one === '\t' ? '  ' : '\ufffd',
	);
}
