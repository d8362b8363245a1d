import { conflict, notFound, unprocessable } from '@autopilot/http';
import { onUniqueViolation, type Queryable, type Tx } from '@autopilot/postgres';
import type { Compiled, Compiler } from './compiler.ts';
import {
	checkText,
	compileMjml,
	type Content,
	renderOnce,
	sampleContact,
	scopeFor,
} from './content.ts';
import type { CreateTemplate, Preview, Rendered, Template, UpdateTemplate } from './schema.ts';
import {
	deleteTemplateRow,
	findCompiled,
	findTemplate,
	insertTemplate,
	resolveTemplateId,
	storeCompiled,
	updateTemplateRow,
} from './store.ts';

const TAKEN = {
	templates_name: () =>
		unprocessable('template_name_taken', 'Another template has this name.', [
			{ pointer: '/name', detail: 'is taken' },
		]),
};

export async function getTemplate(db: Queryable, id: string): Promise<Template> {
	const template = await findTemplate(db, id);
	if (template === undefined) throw notFound('template', id);
	return template;
}

export async function createTemplate(
	tx: Tx,
	compiler: Compiler,
	input: CreateTemplate,
): Promise<Template> {
	const compiled = await check(compiler, input);
	return onUniqueViolation(TAKEN, () => insertTemplate(tx, { ...input, compiled }));
}

export async function updateTemplate(
	tx: Tx,
	compiler: Compiler,
	{ id, ...patch }: UpdateTemplate & { id: string },
): Promise<Template> {
	const before = await getTemplate(tx, id);
	const { name = before.name, subject = before.subject, mjml = before.mjml } = patch;
	const text = patch.text === undefined ? before.text : patch.text;
	const compiled = await check(compiler, { subject, mjml, text });
	await onUniqueViolation(TAKEN, () =>
		updateTemplateRow(tx, { id, name, subject, mjml, text, compiled }),
	);
	return getTemplate(tx, id);
}

export async function deleteTemplate(tx: Tx, id: string): Promise<void> {
	await getTemplate(tx, id);
	if (await deleteTemplateRow(tx, id)) return;
	throw conflict(
		'template_in_use',
		'A campaign that is still a draft uses this template. Send or delete the campaign first.',
	);
}

export async function previewTemplate(
	db: Queryable,
	compiler: Compiler,
	{ id, data, contact }: Preview & { id: string },
): Promise<Rendered> {
	return renderOnce(
		await contentOf(db, compiler, id),
		scopeFor({
			contact: {
				id: sampleContact.id,
				email: contact.email ?? sampleContact.email,
				name: contact.name === undefined ? sampleContact.name : contact.name,
				attributes: contact.attributes ?? sampleContact.attributes,
			},
			campaign: { id: sampleContact.id, name: 'Preview' },
			data,
			preheader: '',
			unsubscribeUrl: 'https://example.com/unsubscribe',
		}),
	);
}

/** A template ready to be filled in. One of ours is compiled when it is needed for the first time. */
export async function contentOf(db: Queryable, compiler: Compiler, id: string): Promise<Content> {
	const { subject, mjml, text } = await getTemplate(db, id);
	const compiled =
		(await findCompiled(db, id)) ?? (await compileStored(db, compiler, { id, mjml }));
	return { subject, html: compiled.html, text: text ?? compiled.text };
}

/** @throws {Problem} 422 when there is no such template */
export async function templateIdOf(tx: Tx, reference: string): Promise<string> {
	const id = await resolveTemplateId(tx, reference);
	if (id !== undefined) return id;
	throw unprocessable('template_unknown', 'The template does not exist. Check its id or name.', [
		{ pointer: '/templateId', detail: `there is no template ${reference}` },
	]);
}

async function compileStored(
	db: Queryable,
	compiler: Compiler,
	{ id, mjml }: { id: string; mjml: string },
): Promise<Compiled> {
	const compiled = await compileMjml(compiler, mjml);
	await storeCompiled(db, id, { mjml, compiled });
	return compiled;
}

async function check(
	compiler: Compiler,
	{ subject, mjml, text }: { subject: string; mjml: string; text?: string | null | undefined },
): Promise<Compiled> {
	checkText(subject, '/subject');
	if (text != null) checkText(text, '/text');
	return compileMjml(compiler, mjml);
}
