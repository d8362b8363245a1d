import type { Finding, Severity } from './finding.ts';
import { placesOf, type DocumentFindings } from './places.ts';

type Paint = (name: 'red' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

const MARKS: Record<Severity, [mark: string, colour: 'red' | 'yellow' | 'cyan']> = {
	error: ['✗', 'red'],
	warning: ['!', 'yellow'],
	info: ['·', 'cyan'],
};

/** For people: the findings of each document under its path, and what to do. */
export function formatText(
	documents: DocumentFindings[],
	paint: Paint = (_, text) => text,
): string {
	const lines: string[] = [];
	for (const document of documents) {
		if (document.findings.length === 0) continue;
		lines.push(paint('bold', printable(document.path)));
		const places = placesOf(document);
		document.findings.forEach((finding, index) => {
			const [mark, colour] = MARKS[finding.severity];
			const line = String(places[index]?.line ?? 1).padStart(5);
			const about = finding.node === undefined ? '' : `${finding.node}: `;
			lines.push(
				`${line} ${paint(colour, mark)} ${printable(about + finding.message)}  ${paint('dim', finding.code)}`,
				`        ${paint('dim', `→ ${printable(finding.advice)}`)}`,
			);
		});
		lines.push('');
	}
	return lines.concat(countLine(documents)).join('\n');
}

/** `3 errors, 1 warning in 2 of 5 files`. */
export function countLine(documents: DocumentFindings[]): string {
	const all = documents.flatMap(({ findings }) => findings);
	const touched = documents.filter(({ findings }) => findings.length > 0).length;
	if (all.length === 0) return `nothing found in ${plural(documents.length, 'file')}`;
	const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
		const count = all.filter((finding: Finding) => finding.severity === severity).length;
		return count === 0 ? [] : [severity === 'info' ? `${count} info` : plural(count, severity)];
	});
	return `${counts.join(', ')} in ${touched} of ${plural(documents.length, 'file')}`;
}

function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name in a workflow must not steer the terminal, or pretend to be a line of its own. */
function printable(text: string): string {
	// eslint-disable-next-line no-control-regex -- control characters are what it takes out
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ');
}
