// Neither package brings types of its own; this is the part of them that we use.
declare module 'mjml' {
	interface MjmlFault {
		line: number;
		message: string;
		tagName: string;
	}
	export default function mjml2html(
		mjml: string,
		options: { validationLevel: 'soft'; ignoreIncludes: boolean; keepComments: boolean },
	): Promise<{ html: string; errors: MjmlFault[] }>;
}

declare module 'html-to-text' {
	interface Selector {
		selector: string;
		format?: string;
		options?: Record<string, unknown>;
	}
	export function convert(
		html: string,
		options: { wordwrap: false; preserveNewlines: boolean; selectors: Selector[] },
	): string;
}
