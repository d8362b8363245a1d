import { notFound, unprocessable } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import { DEFAULT_TERMS, SUBSCRIPTION_GRACE, type Terms } from '../license-policies/schema.ts';
import { findPolicy, type PolicyRow, productTitle } from '../license-policies/store.ts';
import { lockSubject } from './issue.ts';
import type { LicenseKeys } from './key.ts';
import type { CreateLicense } from './schema.ts';
import { type Cause, note, tell } from './settle.ts';
import { endOf, type Source, statusOf } from './state.ts';
import { selectSources } from './source-store.ts';
import {
	insertLicenses,
	type LicenseRow,
	newId,
	selectHolder,
	selectLicenseOfLine,
	selectOrderOfLine,
} from './store.ts';

const DAY_MS = 86_400_000;

type GrantInput = Pick<
	CreateLicense,
	keyof Terms | 'startsAt' | 'expiresAt' | 'maxDevices' | 'maxDownloads'
>;
type GrantPolicy = Pick<PolicyRow, 'terms' | 'durationDays' | 'maxDevices' | 'maxDownloads'>;

/**
 * Issues a licence by hand: for a gift, a trial, a buyer who comes from another shop with a key.
 * @returns the licence, and whether it is new: a line of an order has at most one
 */
export async function createLicense(
	tx: Tx,
	input: CreateLicense,
	keys: LicenseKeys,
	cause: Cause,
): Promise<{ license: LicenseRow; created: boolean }> {
	const title = await productTitle(tx, input.productId);
	if (title === undefined) throw notFound('product', input.productId);
	const order = await orderOf(tx, input.orderLineId);
	if (input.orderLineId !== undefined) {
		await lockSubject(tx, input.orderLineId);
		const existing = await selectLicenseOfLine(tx, input.orderLineId);
		if (existing !== undefined) return { license: existing, created: false };
	}
	const holder = await holderOf(tx, input, order);
	const id = await newId(tx);
	const [license] = await insertLicenses(tx, [
		{
			id,
			...(input.key === undefined ? keys.derive(id, 1).stored : keys.adopt(input.key)),
			productId: input.productId,
			productTitle: title,
			orderId: order?.id ?? null,
			orderNumber: order?.number ?? null,
			orderLineId: input.orderLineId ?? null,
			unit: 1,
			...holder,
			metadata: input.metadata,
			subscriptionId: null,
			subscriptionStatus: null,
			...(await grantOf(tx, input, order?.id ?? null)),
		},
	]);
	if (license === undefined) {
		throw unprocessable('license_key_taken', 'Another licence has this key. Keys are unique.', [
			{ pointer: '/key', detail: 'is taken' },
		]);
	}
	await note(tx, license, 'created', cause);
	await tell(tx, license, 'license.created', cause);
	return { license, created: true };
}

async function grantOf(tx: Tx, input: CreateLicense, orderId: string | null) {
	const policy = await findPolicy(tx, input.productId);
	return grantFrom(input, policy, await selectSources(tx, [orderId, input.orderLineId ?? null]));
}

/** What is asked for, else what the product's policy says, else the default terms. */
export function grantFrom(
	input: GrantInput,
	policy: GrantPolicy | undefined,
	sources: readonly Source[],
) {
	const terms = termsOf(input, policy?.terms);
	const startsAt = input.startsAt === undefined ? new Date() : new Date(input.startsAt);
	const days = policy?.durationDays ?? null;
	const agreed = days === null ? null : new Date(startsAt.getTime() + days * DAY_MS);
	const expiresAt = input.expiresAt === undefined ? agreed : dateOf(input.expiresAt);
	const endsAt = endOf(expiresAt, null, terms.grace);
	const { status, reason } = statusOf(
		{ hold: null, holdReason: null, overruledSources: [], endsAt },
		sources,
		new Date(),
	);
	return {
		terms,
		startsAt,
		expiresAt,
		graceUntil: null,
		endsAt,
		status,
		statusReason: reason,
		maxDevices: input.maxDevices === undefined ? (policy?.maxDevices ?? null) : input.maxDevices,
		maxDownloads:
			input.maxDownloads === undefined ? (policy?.maxDownloads ?? null) : input.maxDownloads,
	};
}

function termsOf(input: GrantInput, policy: Terms | undefined): Terms {
	const base = policy ?? {
		...DEFAULT_TERMS,
		...(input.type === 'subscription' ? { grace: SUBSCRIPTION_GRACE } : {}),
	};
	return {
		type: input.type ?? base.type,
		permissions: input.permissions ?? base.permissions,
		entitlements: input.entitlements ?? base.entitlements,
		requireActivation: input.requireActivation ?? base.requireActivation,
		grace: input.grace ?? base.grace,
		counters: input.counters ?? base.counters,
		activationsPerHour:
			input.activationsPerHour === undefined ? base.activationsPerHour : input.activationsPerHour,
		checkInSeconds: input.checkInSeconds ?? base.checkInSeconds,
		fileTtlSeconds: input.fileTtlSeconds ?? base.fileTtlSeconds,
	};
}

interface Holder {
	customerId: string | null;
	email: string;
	name: string | null;
}

async function holderOf(tx: Tx, input: CreateLicense, order: Holder | undefined): Promise<Holder> {
	const customer =
		input.customerId === undefined ? undefined : await selectHolder(tx, input.customerId);
	if (input.customerId !== undefined && customer === undefined) {
		throw notFound('customer', input.customerId);
	}
	const known = customer ?? order;
	const email = input.email ?? known?.email;
	if (email === undefined) {
		throw unprocessable('license_holder_missing', 'Say whose licence it is.', [
			{ pointer: '/email', detail: 'is missing; customerId or orderLineId would do as well' },
		]);
	}
	return {
		customerId: known?.customerId ?? null,
		email,
		name: input.name ?? known?.name ?? null,
	};
}

async function orderOf(tx: Tx, orderLineId: string | undefined) {
	if (orderLineId === undefined) return undefined;
	const order = await selectOrderOfLine(tx, orderLineId);
	if (order === undefined) throw notFound('order line', orderLineId);
	return order;
}

function dateOf(value: string | null): Date | null {
	return value === null ? null : new Date(value);
}
