import { convert } from 'html-to-text';
import mjml2html from 'mjml';
import { parentPort } from 'node:worker_threads';
import type { CompilerAnswer, CompilerStart, CompilerTask } from './compiler.ts';

// Runs in a thread of its own: MJML takes 50 MB and up to a second, and neither belongs into the API's process.
const port = parentPort;
port?.on('message', ({ id, mjml }: CompilerTask) => {
	port.postMessage({ begun: id } satisfies CompilerStart);
	compile(mjml).then(
		(done) => port.postMessage({ id, ...done } satisfies CompilerAnswer),
		(error: unknown) => {
			const message = error instanceof Error ? error.message : String(error);
			port.postMessage({ id, html: '', text: '', faults: [{ line: 1, message }] });
		},
	);
});

async function compile(mjml: string): Promise<Omit<CompilerAnswer, 'id'>> {
	const { html, errors } = await mjml2html(mjml, {
		validationLevel: 'soft',
		ignoreIncludes: true,
		keepComments: false,
	});
	const faults = errors.map(({ line, tagName, message }) => ({
		line,
		message: `${tagName}: ${message}`,
	}));
	return { html: slim(html), text: toText(html), faults };
}

/** A third of what MJML writes is indentation, which every recipient would be sent. */
function slim(html: string): string {
	return /<(pre|textarea)\b/i.test(html) ? html : html.replaceAll(/\s*\n\s*/g, '\n');
}

/** The plain part, made once of the template: its Liquid tags come through and are filled in for each recipient. */
function toText(html: string): string {
	// What stands before the document are assignments, which the text needs as well.
	const start = html.search(/<!doctype/i);
	const text = convert(html.replaceAll(PICTURE_LINK, ''), {
		wordwrap: false,
		preserveNewlines: false,
		selectors: [
			{ selector: 'img', format: 'skip' },
			// Preheaders, and what a template marks as good for the eye only.
			{ selector: 'div[style*="display:none"]', format: 'skip' },
			{ selector: '[data-skip-text]', format: 'skip' },
			{ selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
			{ selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
			...['h1', 'h2', 'h3', 'h4'].map((selector) => ({ selector, options: { uppercase: false } })),
		],
	});
	return html.slice(0, Math.max(0, start)) + text;
}

/** A link around nothing but a picture has no words to stand in a text. */
const PICTURE_LINK = /<a\b[^>]*>\s*<img\b[^>]*>\s*<\/a>/gi;
