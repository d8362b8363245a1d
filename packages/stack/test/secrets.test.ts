import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import bcrypt from 'bcryptjs';
import { loadOrCreateSecrets } from '../src/secrets.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('secrets of a data folder', () => {
	it('are made once and read again ever after', async () => {
		const file = path.join(folder, 'deep', 'secrets.json');
		const first = await loadOrCreateSecrets(file);
		expect(await loadOrCreateSecrets(file)).toEqual(first);
		expect(new Set(Object.values(first.apiKeys)).size).toBe(4);
		expect(Math.min(...Object.values(first.apiKeys).map((key) => key.length))).toBeGreaterThan(23);
	});

	it('can be read by their owner only', async () => {
		const file = path.join(folder, 'secrets.json');
		await loadOrCreateSecrets(file);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	it('hold a password that n8n accepts, with the hash it wants', async () => {
		const { n8n } = await loadOrCreateSecrets(path.join(folder, 'secrets.json'));
		expect(n8n.ownerPassword).toMatch(/^(?=.*\d)(?=.*[A-Z]).{8,}$/);
		expect(await bcrypt.compare(n8n.ownerPassword, n8n.ownerPasswordHash)).toBe(true);
	});

	it('are never replaced when the file is damaged', async () => {
		const file = path.join(folder, 'secrets.json');
		await writeFile(file, '{"postgresPassword": "x"');
		await expect(loadOrCreateSecrets(file)).rejects.toThrow(/is damaged/);
		expect(await readFile(file, 'utf8')).toBe('{"postgresPassword": "x"');
	});
});
