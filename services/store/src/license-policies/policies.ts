import { notFound } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import {
	DEFAULT_TERMS,
	type LicensePolicy,
	type PutLicensePolicy,
	SUBSCRIPTION_GRACE,
} from './schema.ts';
import { deletePolicyRow, findPolicy, productTitle, toPolicy, upsertPolicy } from './store.ts';

export async function getPolicy(db: Queryable, productId: string): Promise<LicensePolicy> {
	const policy = await findPolicy(db, productId);
	if (policy === undefined) throw notFound('license policy', productId);
	return toPolicy(policy);
}

/** Says what licences of a product grant from now on. Those that are sold keep their terms. */
export async function putPolicy(
	tx: Tx,
	productId: string,
	{ issuePer, durationDays, maxDevices, maxDownloads, ...input }: PutLicensePolicy,
): Promise<LicensePolicy> {
	if ((await productTitle(tx, productId)) === undefined) throw notFound('product', productId);
	const grace = input.type === 'subscription' ? SUBSCRIPTION_GRACE : DEFAULT_TERMS.grace;
	return toPolicy(
		await upsertPolicy(tx, {
			productId,
			issuePer,
			durationDays,
			maxDevices,
			maxDownloads,
			terms: { ...input, grace: input.grace ?? grace },
		}),
	);
}

export async function deletePolicy(tx: Tx, productId: string): Promise<void> {
	if (!(await deletePolicyRow(tx, productId))) throw notFound('license policy', productId);
}
