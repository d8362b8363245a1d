import { type Fault, unprocessable } from '@autopilot/http';
import { type Compiled, type Compiler, CompilerTimeout } from './compiler.ts';
import { faultOf, liquidFaults, parseHtml, parseText, type Scope } from './liquid.ts';
import { oneLine } from '../mailbox.ts';
import type { Rendered } from './schema.ts';

/** Subject, HTML and plain text of a mail, with the Liquid tags still in them. */
export interface Content extends Compiled {
	subject: string;
}

/**
 * Compiles MJML and tells what is wrong with it, with the lines of the source.
 * @throws {Problem} 422 with an error for each fault
 */
export async function compileMjml(compiler: Compiler, mjml: string): Promise<Compiled> {
	const tags = liquidFaults(mjml);
	if (tags.length > 0) throw faulty('/mjml', tags);
	try {
		const { faults, ...compiled } = await compiler.compile(mjml);
		if (faults.length > 0) throw faulty('/mjml', faults);
		// MJML moves things about; what comes out must still be a template.
		parseHtml(compiled.html);
		parseText(compiled.text);
		return compiled;
	} catch (error) {
		if (error instanceof CompilerTimeout) {
			throw faulty('/mjml', [{ line: 1, message: `${error.message} Make it simpler.` }]);
		}
		throw error instanceof Error && error.name === 'Problem'
			? error
			: faulty('/mjml', [faultOf(error)]);
	}
}

/** @throws {Problem} 422 when the tags of a text are not well-formed */
export function checkText(text: string, pointer: string): void {
	const faults = liquidFaults(text);
	if (faults.length > 0) throw faulty(pointer, faults);
}

/**
 * Fills content in, as `prepareContent` does for each mail.
 * @throws {Problem} 422 when a filter or tag fails on these data
 */
export function renderOnce(content: Content, scope: Scope): Rendered {
	const part = (name: keyof Content, parse: typeof parseHtml, source: string) => {
		try {
			return parse(source).render(scope);
		} catch (error) {
			throw faulty(name === 'html' ? '/mjml' : `/${name}`, [faultOf(error)]);
		}
	};
	return {
		subject: oneLine(part('subject', parseText, content.subject), SUBJECT_LENGTH),
		html: part('html', parseHtml, content.html),
		text: tidy(part('text', parseText, content.text)),
	};
}

/** Takes away the blank lines that tags and layout have left in a plain text. */
export function tidy(text: string): string {
	return `${text
		.replaceAll(/^[ \t]+|[ \t]+$/gm, '')
		.replaceAll(/\n{3,}/g, '\n\n')
		.trim()}\n`;
}

export const SUBJECT_LENGTH = 500;

/** A contact to try templates on. */
export const sampleContact = {
	id: '00000000-0000-7000-8000-000000000000',
	email: 'ada@example.com',
	name: 'Ada Lovelace',
	attributes: {},
};

/** What a template is given for one contact. Ours comes last, so that no data can stand in for it. */
export function scopeFor(parts: {
	contact: { id: string; email: string; name: string | null; attributes: Record<string, unknown> };
	campaign: { id: string; name: string };
	data: Record<string, unknown>;
	preheader: string;
	unsubscribeUrl: string;
}): Scope {
	const { contact, campaign, data, preheader, unsubscribeUrl } = parts;
	const firstName = contact.name?.split(/\s+/, 1)[0] ?? '';
	return {
		data,
		contact: { ...contact, name: contact.name ?? '', firstName },
		campaign,
		preheader,
		unsubscribeUrl,
	};
}

function faulty(pointer: string, faults: { line: number; message: string }[]) {
	const errors: Fault[] = faults
		.slice(0, 20)
		.map(({ line, message }) => ({ pointer, detail: `line ${line}: ${message}` }));
	return unprocessable(
		'template_faulty',
		`The template has ${faults.length} fault(s); errors names the lines.`,
		errors,
	);
}
