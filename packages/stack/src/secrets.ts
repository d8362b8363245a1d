import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { z } from 'zod';
import { codeOf, StackError } from './errors.ts';

const secretsSchema = z.object({
	postgresPassword: z.string(),
	redisPassword: z.string(),
	/** Bootstrap admin key of each service, scope `*`. */
	apiKeys: z.object({
		store: z.string(),
		'marketing-suite': z.string(),
		'video-factory': z.string(),
		'research-bot': z.string(),
	}),
	/** Signs links and tracking tokens; one per service, so that a leak in one opens nothing in another. */
	signingSecrets: z.object({
		store: z.string(),
		'marketing-suite': z.string(),
		'video-factory': z.string(),
		'research-bot': z.string(),
	}),
	n8n: z.object({
		encryptionKey: z.string(),
		ownerEmail: z.email(),
		ownerPassword: z.string(),
		ownerPasswordHash: z.string(),
		/** Made by login once n8n runs; n8n can revoke it, then another is made. */
		apiKey: z.string().optional(),
	}),
});

export type Secrets = z.infer<typeof secretsSchema>;

/** Reads the secrets of a data folder, or makes and keeps them at first boot. The file is readable by its owner only. */
export async function loadOrCreateSecrets(file: string): Promise<Secrets> {
	const known = await readSecrets(file);
	if (known !== undefined) return known;
	const secrets = await generateSecrets();
	await saveSecrets(file, secrets);
	return secrets;
}

/**
 * @returns the secrets, or undefined when the data folder has none yet
 * @throws StackError when the file is there but is not what this version wrote
 */
export async function readSecrets(file: string): Promise<Secrets | undefined> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw error;
	}
	const parsed = secretsSchema.safeParse(parseJson(text));
	if (!parsed.success) {
		throw new StackError('bad-setting', `${file} is damaged: ${z.prettifyError(parsed.error)}`, {
			advice:
				'Put back a copy of the file. Without it the stored credentials of n8n cannot be read; a new stack begins with a new data folder (--data DIR).',
		});
	}
	return parsed.data;
}

/** Writes the file whole or not at all: a crash must not leave half a file that locks the owner out. */
export async function saveSecrets(file: string, secrets: Secrets): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true });
	const draft = `${file}.${process.pid}.tmp`;
	await writeFile(draft, `${JSON.stringify(secrets, null, '\t')}\n`, { mode: 0o600 });
	await chmod(draft, 0o600);
	await rename(draft, file);
}

async function generateSecrets(): Promise<Secrets> {
	// n8n wants 8 characters with a digit and a capital; the fixed end makes sure of both.
	const ownerPassword = `${randomBytes(9).toString('base64url')}A1`;
	return {
		postgresPassword: token(),
		redisPassword: token(),
		apiKeys: {
			store: apiKey(),
			'marketing-suite': apiKey(),
			'video-factory': apiKey(),
			'research-bot': apiKey(),
		},
		signingSecrets: {
			store: token(),
			'marketing-suite': token(),
			'video-factory': token(),
			'research-bot': token(),
		},
		n8n: {
			encryptionKey: token(),
			ownerEmail: 'owner@autopilot.example',
			ownerPassword,
			ownerPasswordHash: await bcrypt.hash(ownerPassword, 10),
		},
	};
}

function token(): string {
	return randomBytes(32).toString('hex');
}

function apiKey(): string {
	return `ap_${randomBytes(24).toString('base64url')}`;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		return error instanceof SyntaxError ? undefined : error;
	}
}
