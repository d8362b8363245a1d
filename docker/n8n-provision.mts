/**
 * Puts our credentials and workflows into n8n's database and publishes them; runs in the n8n image
 * before n8n-main starts, and again at every `docker compose up`. Credentials are written each time, since
 * keys may have changed. A workflow is imported only when its file has: an import takes it out of production
 * and its triggers' subscriptions with it, and events of those seconds would start nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '../packages/stack/src/services.ts';

/** A workflow as n8n exports and imports it; of the rest nothing needs to be known here. */
type Workflow = { id: string; active?: boolean; meta?: { source?: string } | null };

const WORKFLOWS = join(import.meta.dirname, '..', 'workflows');
const folder = mkdtempSync(join(tmpdir(), 'autopilot-'));

function required(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: docker-compose.yml gives it to n8n-provision.`);
	return value;
}

function n8n(...args: string[]): string {
	console.log(`n8n ${args.join(' ')}`);
	const { status, stdout, error } = spawnSync('n8n', args, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	process.stdout.write(stdout ?? '');
	if (error !== undefined) throw error;
	if (status !== 0) throw new Error(`n8n ${args[0]} ended with ${status}: its output is above.`);
	return stdout;
}

/** The credentials that the workflows name, with the addresses inside the compose network. */
function credentials() {
	const opened = services.map(({ name, credential }) => {
		const variable = name.toUpperCase().replaceAll('-', '_');
		return {
			...credential,
			data: { baseUrl: required(`${variable}_URL`), apiKey: required(`${variable}_API_KEY`) },
		};
	});
	const smtp = new URL(required('SMTP_URL'));
	const secure = smtp.protocol === 'smtps:';
	const mail = {
		id: 'apSmtp',
		type: 'smtp',
		name: 'Autopilot mail',
		data: {
			host: smtp.hostname,
			port: Number(smtp.port) || (secure ? 465 : 587),
			user: decodeURIComponent(smtp.username),
			password: decodeURIComponent(smtp.password),
			secure,
			disableStartTls: false,
			hostName: '',
		},
	};
	return [...opened, mail];
}

/** Files beside the workflows that are about them. */
const SETTINGS = new Set(['environments.json', 'lint.json']);

/** The workflows of the image, each with the fingerprint of its file in `meta.source`. */
function workflowsOfImage(): Workflow[] {
	return readdirSync(WORKFLOWS)
		.filter((file) => file.endsWith('.json') && !SETTINGS.has(file))
		.map((file) => {
			const text = readFileSync(join(WORKFLOWS, file), 'utf8');
			const workflow = JSON.parse(text);
			const source = createHash('sha256').update(text).digest('hex');
			return { ...workflow, meta: { ...workflow.meta, source } };
		});
}

/** What n8n has already. An empty database makes the export fail, as would a broken one, which the import then tells. */
function workflowsOfN8n(): Workflow[] {
	const file = join(folder, 'known.json');
	try {
		n8n('export:workflow', '--all', `--output=${file}`);
	} catch (error) {
		console.log(`No workflows to compare with: ${error instanceof Error ? error.message : error}`);
		return [];
	}
	return JSON.parse(readFileSync(file, 'utf8'));
}

function importCredentials(): void {
	const file = join(folder, 'credentials.json');
	writeFileSync(file, JSON.stringify(credentials()), { mode: 0o600 });
	n8n('import:credentials', `--input=${file}`);
}

function importWorkflows(workflows: Workflow[], published: Set<string>): void {
	// The import would unpublish them too, but asks for a permission that nobody has before n8n's first start.
	for (const { id } of workflows) if (published.has(id)) n8n('unpublish:workflow', `--id=${id}`);
	const input = join(folder, 'workflows');
	mkdirSync(input);
	for (const workflow of workflows) {
		writeFileSync(join(input, `${workflow.id}.json`), JSON.stringify(workflow));
	}
	const output = n8n('import:workflow', '--separate', `--input=${input}`);
	// n8n skips what it cannot read and still ends with 0: only the count tells.
	if (!output.includes(`imported ${workflows.length} workflow`)) {
		throw new Error('Not all workflows were imported: the output above names the file.');
	}
	// Publishing checks nothing, so the order of the workflows does not matter; n8n-main takes them up.
	for (const { id } of workflows) n8n('publish:workflow', `--id=${id}`);
}

try {
	importCredentials();
	const known = new Map(workflowsOfN8n().map((workflow) => [workflow.id, workflow]));
	const changed: Workflow[] = [];
	for (const workflow of workflowsOfImage()) {
		const there = known.get(workflow.id);
		if (there?.meta?.source !== workflow.meta?.source) changed.push(workflow);
		// Somebody may have stopped it on purpose: a restart must not start the business again.
		else if (!there?.active) console.log(`${workflow.id} is not published: do it in the editor.`);
	}
	const published = new Set([...known.values()].filter(({ active }) => active).map(({ id }) => id));
	if (changed.length > 0) importWorkflows(changed, published);
	console.log(`${changed.length} workflows imported and published.`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
