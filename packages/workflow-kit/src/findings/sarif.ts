import { createHash } from 'node:crypto';
import { placesOf, type DocumentFindings } from './places.ts';

/** What SARIF says of a rule. */
export interface RuleText {
	title: string;
	help?: string;
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** A SARIF 2.1.0 log with one run, as code scanning services take it. */
export function toSarif(
	documents: DocumentFindings[],
	options: { version?: string; rules?: ReadonlyMap<string, RuleText> } = {},
): object {
	const codes = [...new Set(documents.flatMap(({ findings }) => findings.map(({ code }) => code)))];
	codes.sort();
	return {
		$schema: 'https://json.schemastore.org/sarif-2.1.0.json',
		version: '2.1.0',
		runs: [
			{
				tool: {
					driver: {
						name: 'autopilot workflows',
						...(options.version !== undefined && { semanticVersion: options.version }),
						rules: codes.map((id) => rule(id, options.rules?.get(id))),
					},
				},
				columnKind: 'utf16CodeUnits',
				results: documents.flatMap((document) => resultsOf(document, codes)),
			},
		],
	};
}

function rule(id: string, text: RuleText | undefined): object {
	return {
		id,
		shortDescription: { text: text?.title ?? id.replaceAll('-', ' ') },
		...(text?.help !== undefined && { help: { text: text.help } }),
	};
}

function resultsOf(document: DocumentFindings, codes: string[]): object[] {
	const places = placesOf(document);
	return document.findings.map((finding, index) => {
		const { line, column } = places[index] ?? { line: 1, column: 1 };
		return {
			ruleId: finding.code,
			ruleIndex: codes.indexOf(finding.code),
			level: LEVELS[finding.severity],
			message: { text: `${finding.message} ${finding.advice}` },
			locations: [
				{
					physicalLocation: {
						artifactLocation: { uri: uriOf(document.path) },
						region: { startLine: line, startColumn: column },
					},
					logicalLocations: [
						{
							fullyQualifiedName: finding.pointer,
							...(finding.node !== undefined && { name: finding.node }),
						},
					],
				},
			],
			// Lines move; the rule, the node and the place inside it stay.
			partialFingerprints: {
				'workflow/v1': createHash('sha256')
					.update(JSON.stringify([finding.code, finding.workflow, finding.node, finding.pointer]))
					.digest('hex')
					.slice(0, 32),
			},
		};
	});
}

/** A relative reference: only what a URI can hold. */
function uriOf(path: string): string {
	return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}
