import { z } from 'zod';
import type { Content } from '../content/content.ts';
import type { Row, Table } from './table.ts';

const content = z.custom<Content>((value) => typeof value === 'object' && value !== null);

const base = z.object({
	/** In the instance. */
	instanceId: z.string(),
	/** As it was sent, by hash: tells whether the files have moved since. */
	sent: z.string(),
	/** As n8n had it right afterwards: tells whether the editor has moved since. */
	read: z.string(),
	/** The content read, for a three-way merge. */
	content,
	published: z.boolean(),
	revision: z.string().optional(),
	appliedAt: z.string(),
});
/** A workflow as it was last applied. */
export type Base = z.output<typeof base>;

const before = z.object({
	draft: content,
	archived: z.boolean(),
	publishedVersionId: z.string().nullable(),
	published: content.nullable(),
});

const step = z.object({
	/** In the files. */
	id: z.string(),
	instanceId: z.string(),
	name: z.string(),
	action: z.enum(['create', 'update', 'publish', 'remove']),
	publish: z.boolean(),
	/** What it shall be; absent for a removal. */
	target: content.optional(),
	/** The hash of the target as it came from the files. */
	sent: z.string().optional(),
	/** Of the draft that was written; present once it is. */
	versionId: z.string().optional(),
	/** As it was; null when it was not there. */
	before: before.nullable(),
});
/** One workflow of a deployment. */
export type Step = z.output<typeof step>;

const journal = z.object({
	startedAt: z.string(),
	by: z.string(),
	revision: z.string().optional(),
	steps: z.array(step),
	/** From `committed` on. */
	bases: z.record(z.string(), base).optional(),
});
export type Journal = z.output<typeof journal>;

/**
 * preparing: drafts are written, production is as it was. switching: all drafts are there, they are put into production.
 * committed: all of it runs; what was applied is being noted. The others are over.
 */
export type Phase = 'preparing' | 'switching' | 'committed' | 'done' | 'undone';
const OPEN: string[] = ['preparing', 'switching', 'committed'] satisfies Phase[];

export interface OpenDeployment {
	rowId: number;
	phase: Phase;
	journal: Journal;
}

export interface State {
	bases: Map<string, Base>;
	/** Deployments that a killed process has left; there is one at most. */
	open: OpenDeployment | undefined;
}

export async function readState(table: Table): Promise<State> {
	const rows = await table.rows();
	const bases = rows
		.filter(({ kind, state }) => kind === 'workflow' && state !== 'removed')
		.map(({ name, data }) => [name, base.parse(data)] as const);
	const open = rows.find(({ kind, state }) => kind === 'deployment' && OPEN.includes(state));
	return {
		bases: new Map(bases),
		open: open && { rowId: open.id, phase: phaseOf(open), journal: journal.parse(open.data) },
	};
}

function phaseOf({ state }: Row): Phase {
	return z.enum(['preparing', 'switching', 'committed', 'done', 'undone']).parse(state);
}

/** Notes the deployment before anything is changed. */
export async function begin(table: Table, id: string, started: Journal): Promise<OpenDeployment> {
	const info = describe(started);
	const row = { kind: 'deployment' as const, name: id, state: 'preparing', info, data: started };
	return { rowId: await table.insert(row), phase: 'preparing', journal: started };
}

/** Notes how far it is. What is over keeps only the words. */
export async function advance(table: Table, open: OpenDeployment, phase: Phase): Promise<void> {
	open.phase = phase;
	const data = OPEN.includes(phase) ? open.journal : null;
	await table.update(open.rowId, { state: phase, data, info: describe(open.journal) });
}

export async function saveBase(table: Table, id: string, applied: Base): Promise<void> {
	const info = `applied ${applied.appliedAt}${applied.revision === undefined ? '' : ` from ${applied.revision.slice(0, 8)}`}`;
	await table.put({
		kind: 'workflow',
		name: id,
		state: applied.published ? 'published' : 'draft',
		info,
		data: applied,
	});
}

export async function dropBase(table: Table, id: string): Promise<void> {
	await table.put({ kind: 'workflow', name: id, state: 'removed', info: '', data: null });
}

const KEPT = 50;

/** Deployments are a log for people; a long one is no use. */
export async function forgetOldDeployments(table: Table): Promise<void> {
	const over = (await table.rows('deployment')).filter(({ state }) => !OPEN.includes(state));
	for (const { id } of over.slice(0, -KEPT)) await table.delete(id);
}

function describe({ startedAt, by, revision, steps }: Journal): string {
	const what = steps.map(({ action, id }) => `${action} ${id}`).join(', ');
	return `${startedAt} ${by}${revision === undefined ? '' : ` ${revision.slice(0, 8)}`}: ${what}`.slice(
		0,
		2000,
	);
}
