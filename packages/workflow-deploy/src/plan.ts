import type { Finding } from '@autopilot/workflow-kit';
import { binder, type Binder, type CredentialMatch } from './content/bindings.ts';
import { hashOf, isSame, sha256, withWebhookIds, type Content } from './content/content.ts';
import { hasTrigger, leavesFirst, referencesOf } from './content/references.ts';
import { credentialFindings, referenceFindings, removalFindings } from './checks.ts';
import type { FileWorkflow, WorkflowFiles } from './files.ts';
import type { InstanceWorkflow } from './n8n/instance.ts';
import { policyFindings } from './policies.ts';
import { readState, type Base, type State } from './state/state.ts';
import type { Target } from './target.ts';

/** What is done with workflows that were edited in the editor since they were applied. */
export type Edited = 'refuse' | 'overwrite' | 'keep';

export interface PlanOptions {
	edited?: Edited;
	/** Archive workflows that were applied earlier and are no longer in the files. */
	prune?: boolean;
	/** Only these ids (of the files). */
	only?: readonly string[];
}

/** What the editor has done to a workflow since it was applied. */
export type Edit = 'content' | 'deleted' | 'archived' | 'unpublished' | 'unknown';

export interface PlanItem {
	/** In the files. */
	id: string;
	instanceId: string;
	name: string;
	path: string | undefined;
	action: 'create' | 'update' | 'publish' | 'remove' | 'unchanged';
	edit: Edit | undefined;
	/** Whether the files have moved since it was applied. */
	filesMoved: boolean;
	publish: boolean;
	target: Content | undefined;
	/** Hash of the target as the files alone say it. */
	sent: string;
	current: InstanceWorkflow | undefined;
	base: Base | undefined;
	credentials: CredentialMatch[];
	/** Errors stop the deployment. */
	findings: Finding[];
}

export interface Plan {
	environment: string;
	url: string;
	origin: string;
	revision: string | undefined;
	/** In the order in which they are deployed. */
	items: PlanItem[];
	broken: WorkflowFiles['broken'];
	/** Of all that is to be deployed. */
	filesHash: string;
	/** Of what the instance has of it. */
	instanceHash: string;
	/** A deployment that was killed: the next apply finishes or undoes it first. */
	interrupted: State['open'];
	binder: Binder;
}

/** Compares files with an instance; changes nothing. */
export async function makePlan(
	target: Target,
	files: WorkflowFiles,
	options: PlanOptions = {},
): Promise<Plan> {
	const { environment, instance, table } = target;
	const [workflows, credentials, state] = await Promise.all([
		instance.workflows(),
		instance.credentials(),
		readState(table),
	]);
	const present = new Map(workflows.map((workflow) => [workflow.id, workflow]));
	const bound = binder(environment.bindings, credentials, credentialsIn(files.workflows));
	const context = { target, bound, present, state, options };
	const wanted = files.workflows.filter(({ id }) => options.only?.includes(id) ?? true);
	const items = await Promise.all(wanted.map((file) => planFile(file, context)));
	const inFiles = new Set(files.workflows.map(({ id }) => id));
	const gone = [...state.bases].filter(([id]) => !inFiles.has(id) && options.only === undefined);
	const leaving =
		options.prune === true ? gone.flatMap(([id, base]) => planRemoval(id, base, context)) : [];
	// The other way round: what calls goes before what is called.
	const removals = inOrder(leaving).toReversed();
	const ordered = inOrder(items);
	for (const item of ordered) {
		if (item.action !== 'unchanged')
			item.findings.push(...referenceFindings(item, ordered, present));
	}
	const all = [...ordered, ...removals];
	for (const item of removals) {
		if (item.action === 'remove') item.findings.push(...removalFindings(item, all, present));
	}
	return {
		...{ environment: environment.name, url: environment.url, origin: files.origin },
		...{ revision: files.revision, items: all, broken: files.broken },
		filesHash: sha256(
			JSON.stringify([all.map(fingerprint).sort(), files.broken.map(({ path }) => path)]),
		),
		instanceHash: sha256(JSON.stringify(all.map(currentFingerprint).sort())),
		...{ interrupted: state.open, binder: bound },
	};
}

/** What is called before what calls it. */
function inOrder(items: readonly PlanItem[]): PlanItem[] {
	const needs = ({ target, current }: PlanItem) => {
		const content = target ?? current?.draft;
		return content === undefined ? [] : referencesOf(content);
	};
	return leavesFirst(items.map((item) => ({ item, id: item.instanceId, needs: needs(item) }))).map(
		({ item }) => item,
	);
}

interface Context {
	target: Target;
	bound: Binder;
	present: Map<string, InstanceWorkflow>;
	state: State;
	options: PlanOptions;
}

async function planFile(file: FileWorkflow, context: Context): Promise<PlanItem> {
	const { target, bound, present, state, options } = context;
	const { environment } = target;
	const { id } = file;
	const instanceId = bound.instanceIdOf(id);
	const { content: fromFile, credentials } = bound.toInstance(file.content);
	const sent = hashOf(fromFile);
	const current = present.get(instanceId);
	const content = withWebhookIds(fromFile, current?.draft);
	const base = state.bases.get(id);
	const publish = hasTrigger(content) && !environment.unpublished.includes(id);
	const edit = await editOf({ content, current, base, publish }, target);
	const today = new Date().toISOString().slice(0, 10);
	const item: PlanItem = {
		...{ id, instanceId, name: content.name, path: file.path, edit, publish },
		...{ target: content, sent, current, base, credentials },
		action: actionFor(content, current, publish),
		filesMoved: base !== undefined && base.sent !== sent,
		findings: [],
	};
	if (edit !== undefined && item.action !== 'unchanged' && options.edited !== 'overwrite') {
		const keep = options.edited === 'keep';
		item.findings.push(editFinding(item, edit, keep));
		if (keep) item.action = 'unchanged';
	}
	if (item.action !== 'unchanged') {
		item.findings.push(
			...credentialFindings(item),
			...policyFindings({ ...file, content }, environment.policies, environment.name, today),
		);
	}
	return item;
}

function actionFor(
	target: Content,
	current: InstanceWorkflow | undefined,
	publish: boolean,
): PlanItem['action'] {
	if (current === undefined) return 'create';
	if (current.archived || !isSame(current.draft, target)) return 'update';
	const { published } = current;
	const isRight = publish
		? published !== undefined && isSame(published.content, target)
		: published === undefined;
	return isRight ? 'unchanged' : 'publish';
}

interface Compared {
	content: Content;
	current: InstanceWorkflow | undefined;
	base: Base | undefined;
	publish: boolean;
}

/** Whether somebody has changed it in the editor since it was applied, and how. */
async function editOf(
	{ content, current, base }: Compared,
	{ instance }: Target,
): Promise<Edit | undefined> {
	if (current === undefined) return base === undefined ? undefined : 'deleted';
	if (base === undefined) {
		if (isSame(current.draft, content)) return undefined;
		// What n8n's command line has imported and nobody saved since is no edit.
		return (await instance.lastAuthor(current.id)) === 'import' ? undefined : 'unknown';
	}
	if (current.archived) return 'archived';
	if (hashOf(current.draft) !== base.read) return 'content';
	return base.published && current.published === undefined ? 'unpublished' : undefined;
}

function editFinding(
	{ id, name, current, filesMoved }: PlanItem,
	edit: Edit,
	keep: boolean,
): Finding {
	const when = current === undefined ? '' : ` (saved ${current.updatedAt})`;
	const both = filesMoved ? ' The files have changed as well.' : '';
	const messages: Record<Edit, string> = {
		content: `"${name}" was edited in the editor after it was applied${when}.${both}`,
		deleted: `"${name}" was deleted in the editor after it was applied.`,
		archived: `"${name}" was archived in the editor after it was applied.`,
		unpublished: `"${name}" was unpublished in the editor after it was applied.`,
		unknown: `"${name}" (${id}) is in this n8n already, differs, and was not applied from these files.`,
	};
	return {
		code: 'edited-in-editor',
		severity: keep ? 'warning' : 'error',
		message: messages[edit] + (keep ? ' It stays as it is.' : ''),
		advice:
			'`autopilot workflows drift` shows what differs; `pull` brings it into the files, `apply --overwrite-edited` puts the files in its place.',
		...{ pointer: '', workflow: name },
	};
}

function planRemoval(id: string, base: Base, { present, options }: Context): PlanItem[] {
	const current = present.get(base.instanceId);
	if (current === undefined || current.archived) return [];
	const edit = hashOf(current.draft) === base.read ? undefined : ('content' as const);
	const item: PlanItem = {
		...{ id, instanceId: base.instanceId, name: current.draft.name, path: undefined, edit },
		...{ action: 'remove' as const, filesMoved: true, publish: false, target: undefined, sent: '' },
		...{ current, base, credentials: [], findings: [] },
	};
	if (edit !== undefined && options.edited !== 'overwrite') {
		item.findings.push(editFinding(item, edit, options.edited === 'keep'));
		if (options.edited === 'keep') item.action = 'unchanged';
	}
	return [item];
}

/** All ways in which the files name credentials, for the way back. */
function credentialsIn(
	workflows: readonly FileWorkflow[],
): { type: string; id?: string; name?: string }[] {
	const all = workflows.flatMap(({ content }) =>
		content.nodes.flatMap(({ credentials }) =>
			Object.entries(typeof credentials === 'object' && credentials !== null ? credentials : {}),
		),
	);
	return all.map(([type, use]) => {
		const id: unknown =
			typeof use === 'object' && use !== null ? Reflect.get(use, 'id') : undefined;
		const name: unknown = typeof use === 'object' && use !== null ? Reflect.get(use, 'name') : use;
		return {
			type,
			...(typeof id === 'string' ? { id } : {}),
			...(typeof name === 'string' ? { name } : {}),
		};
	});
}

function fingerprint({ id, action, publish, sent }: PlanItem): string {
	return JSON.stringify([id, action === 'remove', publish, sent]);
}

function currentFingerprint({ instanceId, current }: PlanItem): string {
	if (current === undefined) return JSON.stringify([instanceId]);
	const { draft, published, archived } = current;
	return JSON.stringify([
		instanceId,
		hashOf(draft),
		published ? hashOf(published.content) : null,
		archived,
	]);
}

/** What stops it. */
export function blockersOf(plan: Plan): Finding[] {
	return [...plan.broken, ...plan.items]
		.flatMap(({ findings }) => findings)
		.filter(({ severity }) => severity === 'error');
}

/** The items of a plan that change something. */
export function changesOf(plan: Plan): PlanItem[] {
	return plan.items.filter(({ action }) => action !== 'unchanged');
}
