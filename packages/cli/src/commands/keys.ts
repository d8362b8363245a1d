import { openStack, type DatabaseName, type Service } from '@autopilot/stack';
import type { Database } from '@autopilot/postgres';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption, jsonOption, serviceOption } from '../options.ts';
import { colour, print, printJson, printTable } from '../terminal/print.ts';

interface KeyOptions {
	data: string;
	service: Service;
	json?: true;
}

export function registerKeys(program: Command): void {
	const keys = program
		.command('keys')
		.summary('API keys of a service: create, list, revoke')
		.description(
			'API keys of one service. They are made in its database, so the stack must be running.',
		);
	keys
		.command('create')
		.description('Makes a key and prints it. It is stored hashed: nobody can show it again.')
		.addOption(serviceOption())
		.addOption(dataOption())
		.addOption(jsonOption())
		.requiredOption('--name <name>', 'what the key is for')
		.option('--scopes <scopes...>', 'resource:action, resource:* or *', ['*'])
		.addOption(new Option('--expires <when>', 'date, or days from now: 90d').argParser(parseExpiry))
		.action(async (options: KeyOptions & { name: string; scopes: string[]; expires?: Date }) => {
			const { createApiKey } = await import('@autopilot/http');
			const { name, scopes, expires } = options;
			const key = await onDatabase(options, (db) =>
				createApiKey(db, { name, scopes, ...(expires && { expiresAt: expires }) }),
			);
			if (options.json === true) return printJson(key);
			print(key.key);
			print(colour('dim', `${key.scopes.join(' ')} at ${options.service.label}; shown only now`));
		});
	keys
		.command('list')
		.description('Lists all keys, the newest first.')
		.addOption(serviceOption())
		.addOption(dataOption())
		.addOption(jsonOption())
		.action(async (options: KeyOptions) => {
			const { listApiKeys } = await import('@autopilot/http');
			const found = await onDatabase(options, listApiKeys);
			if (options.json === true) return printJson({ data: found });
			const day = (date: Date | null) => date?.toISOString().slice(0, 16).replace('T', ' ') ?? '-';
			printTable(
				found.map((key) => [
					...[key.prefix, key.name, key.scopes.join(' '), day(key.createdAt), day(key.lastUsedAt)],
					key.revokedAt === null ? day(key.expiresAt) : colour('red', 'revoked'),
				]),
				['prefix', 'name', 'scopes', 'created', 'last used', 'expires'],
			);
		});
	keys
		.command('revoke')
		.description('Revokes a key at once.')
		.argument('<id-or-prefix>', 'as `keys list` shows it')
		.addOption(serviceOption())
		.addOption(dataOption())
		.action(async (which: string, options: KeyOptions) => {
			const { revokeApiKey } = await import('@autopilot/http');
			if (await onDatabase(options, (db) => revokeApiKey(db, which))) {
				print(`${colour('green', '✔')} ${which} is refused from now on`);
				return;
			}
			throw new CommandError(`${options.service.label} has no key ${which} in use.`, {
				advice: `./autopilot keys list --service ${options.service.name}`,
			});
		});
}

async function onDatabase<Result>(
	options: KeyOptions,
	work: (db: Database) => Promise<Result>,
): Promise<Result> {
	const stack = await openStack(options.data);
	const { connect } = await import('@autopilot/postgres');
	const database: DatabaseName = options.service.database;
	const db = connect(stack.databaseUrl(database), { name: 'autopilot-cli', max: 1 });
	try {
		return await work(db);
	} finally {
		await db.close();
	}
}

function parseExpiry(text: string): Date {
	const days = /^(\d+)d$/.exec(text)?.[1];
	const date =
		days === undefined ? new Date(text) : new Date(Date.now() + Number(days) * 86_400_000);
	if (Number.isNaN(date.getTime()) || date.getTime() < Date.now()) {
		throw new InvalidArgumentError('A date in the future, or days: 2027-01-31, 90d.');
	}
	return date;
}
