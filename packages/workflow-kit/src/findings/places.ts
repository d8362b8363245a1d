import { scanJsonText, type TextPlace } from '../model/json-text.ts';
import type { Finding } from './finding.ts';

/** Findings of one document, with its text where lines are wanted. */
export interface DocumentFindings {
	/** As the operator wrote it: a file, or `REV:path`. */
	path: string;
	text?: string;
	findings: Finding[];
}

export type Place = Pick<TextPlace, 'line' | 'column'>;

/** Line and column of each finding. One about a key that is missing stands at the object without it. */
export function placesOf({ text, findings }: DocumentFindings): Place[] {
	const wanted = new Set<string>();
	for (const { pointer } of findings)
		for (let at = pointer; ; at = parentOf(at)) {
			if (wanted.has(at)) break;
			wanted.add(at);
			if (at === '') break;
		}
	const places = text === undefined ? undefined : scanJsonText(text, wanted).places;
	return findings.map(({ pointer, line, column }) => {
		if (line !== undefined) return { line, column: column ?? 1 };
		for (let at = pointer; ; at = parentOf(at)) {
			const place = places?.get(at);
			if (place !== undefined) return { line: place.line, column: place.column };
			if (at === '') return { line: 1, column: 1 };
		}
	});
}

function parentOf(pointer: string): string {
	return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}
