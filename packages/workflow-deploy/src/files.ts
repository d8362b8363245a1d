import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
	isObject,
	parse,
	validateParsed,
	type Finding,
	type Json,
	type JsonObject,
} from '@autopilot/workflow-kit';
import { contentOf, type Content } from './content/content.ts';
import { messageOf, DeployError } from './errors.ts';

/** A file of the folder, whatever is in it. */
export interface SourceFile {
	/** For people: `workflows/a.json`, `HEAD~1:workflows/a.json`. */
	path: string;
	text: string;
}

/** A workflow of the files. */
export interface FileWorkflow {
	id: string;
	path: string;
	content: Content;
	/** Of the workflow inside the file. */
	pointer: string;
	/** The JSON as it is in the file. */
	source: JsonObject;
	pinned: boolean;
	findings: Finding[];
}

export interface WorkflowFiles {
	/** For people: the folder or the revision. */
	origin: string;
	/** The commit, when they come from Git. */
	revision: string | undefined;
	workflows: FileWorkflow[];
	/** Files that are no workflow, or not one that can be deployed. Any of these stops a deployment. */
	broken: { path: string; findings: Finding[] }[];
}

/** Files beside the workflows that are about them. */
const SETTINGS = new Set(['environments.json', 'lint.json']);
const isWorkflowFile = (name: string) =>
	name.endsWith('.json') && !name.endsWith('.test.json') && !SETTINGS.has(name);

/** Reads the workflow files of a folder, those below it not. */
export async function readFolder(folder: string): Promise<WorkflowFiles> {
	const names = await readdir(folder).catch((cause: unknown) => {
		throw new DeployError('bad-file', `The folder ${folder} cannot be read: ${messageOf(cause)}`, {
			advice: 'Give the folder of the workflows.',
			cause,
		});
	});
	const files = names
		.filter(isWorkflowFile)
		.sort()
		.map(async (name) => {
			const file = path.join(folder, name);
			return { path: file, text: await readFile(file, 'utf8') };
		});
	return asWorkflowFiles(await Promise.all(files), { origin: folder, revision: undefined });
}

/** Reads the workflow files of a folder as they were at a Git revision. */
export async function readRevision(revision: string, folder: string): Promise<WorkflowFiles> {
	const git = async (args: string[]) => {
		const limits = { cwd: folder, maxBuffer: 256 * 1024 * 1024 };
		return (await promisify(execFile)('git', args, limits)).stdout;
	};
	const commit = await git([
		'rev-parse',
		'--verify',
		'--quiet',
		'--end-of-options',
		`${revision}^{commit}`,
	]).catch((cause: unknown) => {
		throw new DeployError('bad-file', `${revision} is no Git revision of ${folder}.`, {
			advice: '`git log -- workflows` shows them.',
			cause,
		});
	});
	const hash = commit.trim();
	const listed = await git(['ls-tree', '-z', '--name-only', hash]);
	const names = listed
		.split('\0')
		.map((name) => path.posix.basename(name))
		.filter(isWorkflowFile);
	const files = names.map(async (name) => ({
		path: `${revision}:${name}`,
		text: await git(['show', `${hash}:./${name}`]),
	}));
	return asWorkflowFiles(await Promise.all(files), {
		origin: `${revision} (${hash.slice(0, 8)})`,
		revision: hash,
	});
}

/** Sorts files into workflows and what is broken. */
export function asWorkflowFiles(
	files: readonly SourceFile[],
	{ origin, revision }: Pick<WorkflowFiles, 'origin' | 'revision'>,
): WorkflowFiles {
	const workflows: FileWorkflow[] = [];
	const broken: WorkflowFiles['broken'] = [];
	for (const file of files) {
		const read = readWorkflow(file);
		if ('content' in read) workflows.push(read);
		else broken.push(read);
	}
	for (const [index, { id, path: file }] of workflows.entries()) {
		const first = workflows.findIndex((one) => one.id === id);
		if (first === index) continue;
		const other = workflows[first]?.path ?? '';
		const message = `${other} has the id "${id}" too.`;
		broken.push({
			path: file,
			findings: [fault('duplicate-id', message, 'Give one of them another id.')],
		});
	}
	return { origin, revision, workflows, broken };
}

function readWorkflow({
	path: file,
	text,
}: SourceFile): FileWorkflow | WorkflowFiles['broken'][number] {
	const parsed = parse(text);
	const { workflows } = parsed;
	// What n8n would not take, by the rules of the kit.
	const findings = validateParsed(parsed, { profile: 'import' });
	const errors = findings.filter(({ severity }) => severity === 'error');
	const [workflow] = workflows;
	if (workflow === undefined || errors.length > 0) {
		const nothing = fault(
			'no-workflow',
			'There is no workflow in this file.',
			'Mend it, or move it out of the folder.',
		);
		return { path: file, findings: errors.length > 0 ? errors : [nothing] };
	}
	const { id, pointer, source, pinData } = workflow;
	if (workflows.length > 1 || id === undefined || !/^[A-Za-z0-9_-]{1,21}$/.test(id)) {
		const advice =
			'Give it an "id" of 1 to 21 letters, digits, - and _; n8n keeps nothing for longer ones.';
		const message =
			workflows.length > 1
				? 'There are several workflows in this file.'
				: `Its id is ${id === undefined ? 'missing' : `"${id}"`}.`;
		return { path: file, findings: [fault('workflow-id', message, advice)] };
	}
	return {
		...{ id, path: file, content: contentOf(source), pointer, source, findings },
		pinned: isPinned(pinData),
	};
}

/** Whether there is any pinned data. */
export function isPinned(pinData: Json): boolean {
	return isObject(pinData) && Object.keys(pinData).length > 0;
}

function fault(code: string, message: string, advice: string): Finding {
	return { code, severity: 'error', message, advice, pointer: '' };
}
