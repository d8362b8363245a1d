/**
 * Puts our credentials and workflows into n8n's database and publishes them; runs in the n8n image
 * before n8n-main starts. Safe to run again: everything is replaced under its own id.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '../packages/stack/src/services.ts';

const WORKFLOWS = join(import.meta.dirname, '..', 'workflows');

function required(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: docker-compose.yml gives it to n8n-provision.`);
	return value;
}

function n8n(...args: string[]): void {
	console.log(`n8n ${args.join(' ')}`);
	execFileSync('n8n', args, { stdio: 'inherit' });
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
		name: 'Autopilot SMTP',
		data: {
			host: smtp.hostname,
			port: Number(smtp.port) || (secure ? 465 : 587),
			user: decodeURIComponent(smtp.username),
			password: decodeURIComponent(smtp.password),
			secure,
			disableStartTls: false,
		},
	};
	return [...opened, mail];
}

/** Ids of the workflows in the image: an error workflow must be published before those that name it. */
function workflowIds(): string[] {
	return readdirSync(WORKFLOWS)
		.filter((file) => file.endsWith('.json'))
		.map((file) => JSON.parse(readFileSync(join(WORKFLOWS, file), 'utf8')))
		.sort((a, b) => Number('errorWorkflow' in a.settings) - Number('errorWorkflow' in b.settings))
		.map((workflow) => workflow.id);
}

const folder = mkdtempSync(join(tmpdir(), 'autopilot-'));
try {
	const file = join(folder, 'credentials.json');
	writeFileSync(file, JSON.stringify(credentials()), { mode: 0o600 });
	n8n('import:credentials', `--input=${file}`);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
n8n('import:workflow', '--separate', `--input=${WORKFLOWS}`);
for (const id of workflowIds()) n8n('publish:workflow', `--id=${id}`);
