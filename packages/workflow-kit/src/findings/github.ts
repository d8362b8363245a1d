import { placesOf, type DocumentFindings } from './places.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Annotations as GitHub Actions reads them from the log: one line per finding. */
export function formatGithub(documents: DocumentFindings[]): string {
	return documents
		.flatMap((document) => {
			const places = placesOf(document);
			return document.findings.map((finding, index) => {
				const { line, column } = places[index] ?? { line: 1, column: 1 };
				const properties = [
					`file=${property(document.path)}`,
					`line=${line}`,
					`col=${column}`,
					`title=${property(finding.code)}`,
				].join(',');
				const about = finding.node === undefined ? '' : `${finding.node}: `;
				const text = `${about}${finding.message} ${finding.advice}`;
				return `::${COMMANDS[finding.severity]} ${properties}::${data(text)}`;
			});
		})
		.join('\n');
}

/** As in @actions/core: a name in a workflow can not become a command of its own. */
function data(text: string): string {
	return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
	return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
