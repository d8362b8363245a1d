import {
	countLine,
	formatGithub,
	formatText,
	placesOf,
	toSarif,
	type DocumentFindings,
	type RuleText,
} from '@autopilot/workflow-kit';
import { Option } from 'commander';
import { colour, print, printError, printJson } from '../terminal/print.ts';

export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export const formatOption = () =>
	new Option('--format <format>', 'how findings are written; github: annotations')
		.choices(FORMATS)
		.default('text');

/** `--json` is short for `--format json`, as in all other commands. */
export function formatOf({ format = 'text', json }: { format?: Format; json?: true }): Format {
	return json === true ? 'json' : format;
}

/** Writes findings on stdout. A bare log of annotations says nothing about what was fine, so that goes to stderr. */
export function printFindings(
	documents: DocumentFindings[],
	format: Format,
	rules?: ReadonlyMap<string, RuleText>,
): void {
	switch (format) {
		case 'text':
			print(formatText(documents, colour));
			return;
		case 'json':
			printJson({ findings: documents.flatMap(withPlaces) });
			return;
		case 'sarif':
			printJson(toSarif(documents, rules && { rules }));
			return;
		case 'github': {
			const lines = formatGithub(documents);
			if (lines !== '') print(lines);
			printError(countLine(documents));
		}
	}
}

function withPlaces(document: DocumentFindings): object[] {
	const places = placesOf(document);
	return document.findings.map((finding, index) => ({
		path: document.path,
		...places[index],
		...finding,
	}));
}
