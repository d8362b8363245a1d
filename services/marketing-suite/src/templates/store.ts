import type { Queryable, Tx } from '@autopilot/postgres';
import type { Compiled } from './compiler.ts';
import { compiled, type CreateTemplate, type ListTemplates, type Template } from './schema.ts';

type Row = Omit<Template, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

const COLUMNS = `id, name, subject, mjml, text, built_in AS "builtIn",
	created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function insertTemplate(
	tx: Tx,
	template: CreateTemplate & { compiled: Compiled },
): Promise<Template> {
	const { rows } = await tx.query<Row>(
		`INSERT INTO templates (name, subject, mjml, text, compiled) VALUES ($1, $2, $3, $4, $5)
		RETURNING ${COLUMNS}`,
		[
			template.name,
			template.subject,
			template.mjml,
			template.text ?? null,
			JSON.stringify(template.compiled),
		],
	);
	const [row] = rows.map(toTemplate);
	if (row === undefined) throw new Error('INSERT ... RETURNING gave no row.');
	return row;
}

/** Puts a template of ours in, or a new version of it, unless somebody has made it their own. */
export async function installTemplate(
	db: Queryable,
	template: { name: string; subject: string; mjml: string },
): Promise<void> {
	await db.query(
		`INSERT INTO templates AS t (name, subject, mjml, built_in) VALUES ($1, $2, $3, true)
		ON CONFLICT (lower(name)) DO UPDATE SET subject = EXCLUDED.subject, mjml = EXCLUDED.mjml,
			compiled = NULL, updated_at = now()
		WHERE t.built_in AND (t.subject, t.mjml) IS DISTINCT FROM (EXCLUDED.subject, EXCLUDED.mjml)`,
		[template.name, template.subject, template.mjml],
	);
}

export async function findTemplate(db: Queryable, id: string): Promise<Template | undefined> {
	const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM templates WHERE id = $1`, [id]);
	return rows.map(toTemplate)[0];
}

/** @param reference  id or name */
export async function resolveTemplateId(
	db: Queryable,
	reference: string,
): Promise<string | undefined> {
	const { rows } = await db.query<{ id: string }>(
		'SELECT id FROM templates WHERE id::text = lower($1) OR lower(name) = lower($1)',
		[reference],
	);
	return rows[0]?.id;
}

export async function findCompiled(db: Queryable, id: string): Promise<Compiled | undefined> {
	const { rows } = await db.query<{ compiled: unknown }>(
		'SELECT compiled FROM templates WHERE id = $1',
		[id],
	);
	return compiled.nullish().parse(rows[0]?.compiled) ?? undefined;
}

/** @param mjml  what it was compiled from; a template changed meanwhile is left alone */
export async function storeCompiled(
	db: Queryable,
	id: string,
	made: { mjml: string; compiled: Compiled },
): Promise<void> {
	await db.query('UPDATE templates SET compiled = $3 WHERE id = $1 AND mjml = $2', [
		id,
		made.mjml,
		JSON.stringify(made.compiled),
	]);
}

export async function updateTemplateRow(
	tx: Tx,
	template: Omit<Template, 'createdAt' | 'updatedAt' | 'builtIn'> & { compiled: Compiled },
): Promise<void> {
	await tx.query(
		`UPDATE templates SET name = $2, subject = $3, mjml = $4, text = $5, compiled = $6,
			built_in = false, updated_at = now() WHERE id = $1`,
		[
			template.id,
			template.name,
			template.subject,
			template.mjml,
			template.text,
			JSON.stringify(template.compiled),
		],
	);
}

/** @returns false when there is no such template, or a draft needs it */
export async function deleteTemplateRow(tx: Tx, id: string): Promise<boolean> {
	const { rowCount } = await tx.query(
		`DELETE FROM templates t WHERE id = $1 AND NOT EXISTS (
			SELECT 1 FROM campaigns c WHERE c.template_id = t.id AND c.status = 'draft')`,
		[id],
	);
	return rowCount === 1;
}

/** The newest first; up to `limit + 1`. */
export async function selectTemplates(db: Queryable, filter: ListTemplates): Promise<Template[]> {
	const { rows } = await db.query<Row>(
		`SELECT ${COLUMNS} FROM templates
		WHERE ($1::text IS NULL OR strpos(lower(name), lower($1)) > 0) AND ($2::uuid IS NULL OR id < $2)
		ORDER BY id DESC LIMIT $3`,
		[filter.q ?? null, filter.cursor ?? null, filter.limit + 1],
	);
	return rows.map(toTemplate);
}

function toTemplate(row: Row): Template {
	return {
		...row,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
