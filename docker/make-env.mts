/**
 * Writes a complete .env for docker-compose.yml to stdout: .env.example with every empty secret made up.
 * n8n's password is only printed (to stderr); the file holds its hash.
 *   node docker/make-env.mts > .env
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import bcrypt from 'bcryptjs';

const example = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');
// n8n asks for a digit and a capital; the fixed end makes sure of both.
const password = `${randomBytes(12).toString('base64url')}A1`;

function secret(name: string): string | undefined {
	if (name === 'N8N_OWNER_PASSWORD_HASH') return `'${bcrypt.hashSync(password, 10)}'`;
	if (/^(STORE|MARKETING|VIDEO|RESEARCH)_API_KEY$/.test(name)) {
		return `ap_${randomBytes(24).toString('base64url')}`;
	}
	// Of the payment sandbox; a Stripe account has its own.
	if (name === 'STRIPE_SECRET_KEY') return `sk_test_${randomBytes(24).toString('hex')}`;
	if (name === 'STRIPE_WEBHOOK_SECRET') return `whsec_${randomBytes(24).toString('hex')}`;
	// Hexadecimal: PostgreSQL's and Redis's passwords become part of a URL.
	if (/_(PASSWORD|SIGNING_SECRET|ENCRYPTION_KEY)$/.test(name))
		return randomBytes(32).toString('hex');
	return undefined;
}

const filled = example.replace(/^([A-Z0-9_]+)=$/gm, (line, name: string) => {
	const value = secret(name);
	return value === undefined ? line : `${name}=${value}`;
});
process.stdout.write(filled);

const [, email = ''] = /^N8N_OWNER_EMAIL=(.*)$/m.exec(filled) ?? [];
process.stderr.write(
	`n8n's login: ${email} / ${password}\nIt is shown this once; .env holds only its hash.\n`,
);
