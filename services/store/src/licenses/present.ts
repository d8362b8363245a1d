import type { License } from './schema.ts';
import { stageOf } from './state.ts';
import type { LicenseRow } from './store.ts';

/** A licence as it leaves the service. */
export function toLicense(row: LicenseRow, now: Date): License {
	return {
		id: row.id,
		product: { id: row.productId, title: row.productTitle },
		order:
			row.orderId === null
				? null
				: { id: row.orderId, number: row.orderNumber, lineId: row.orderLineId },
		unit: row.unit,
		customerId: row.customerId,
		email: row.email,
		name: row.name,
		status: row.status,
		statusReason: row.statusReason,
		stage: stageOf(row, now),
		...row.terms,
		limits: {
			devices: { max: row.maxDevices, used: row.deviceCount },
			downloads: { max: row.maxDownloads, used: row.downloadCount },
		},
		keyPreview: row.keyPreview,
		subscription:
			row.subscriptionId === null
				? null
				: { id: row.subscriptionId, status: row.subscriptionStatus ?? 'unknown' },
		startsAt: row.startsAt.toISOString(),
		expiresAt: row.expiresAt?.toISOString() ?? null,
		endsAt: row.endsAt?.toISOString() ?? null,
		lastValidatedAt: row.lastValidatedAt?.toISOString() ?? null,
		metadata: row.metadata,
		externalId: row.externalId,
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
	};
}
