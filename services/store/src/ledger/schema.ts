import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { currencyCode } from '../money/money.ts';
import { ACCOUNTS } from './entries.ts';

const account = z.enum(ACCOUNTS);
const instant = z.iso.datetime({ offset: true });

export const ledgerEntry = z.object({
	id: z.string(),
	businessKey: z.string().describe('What it stands for, e.g. payment:<id>'),
	kind: z.string(),
	orderId: z.uuid().nullable(),
	account,
	amount: z.int().describe('Minor units; debits are positive, credits negative'),
	currency: z.string(),
	productId: z.uuid().nullable(),
	occurredAt: z.iso.datetime(),
});
export type LedgerEntry = z.output<typeof ledgerEntry>;

export const listEntries = z.object({
	...pageQuery,
	account: account.optional(),
	orderId: z.uuid().optional(),
	currency: currencyCode.optional(),
	from: instant.optional(),
	to: instant.optional(),
});
export type ListEntries = z.output<typeof listEntries>;

export const ledgerBalance = z.object({ account, currency: z.string(), balance: z.int() });
export type LedgerBalance = z.output<typeof ledgerBalance>;

export const ledgerBalances = z.object({
	data: z.array(ledgerBalance),
	balanced: z.boolean().describe('True when all accounts of each currency sum to zero'),
});

export const balancesQuery = z.object({ to: instant.optional() });
