import { notFound, Problem, type problemSchema } from '@autopilot/http';
import type { Tx } from '@autopilot/postgres';
import type { z } from 'zod';
import { revokeFiles } from '../license-files/store.ts';
import { hashKey } from '../licenses/key.ts';
import { type Cause, note, tell } from '../licenses/settle.ts';
import { stageOf } from '../licenses/state.ts';
import { type LicenseRow, lockLicense, lockLicenseByKey } from '../licenses/store.ts';
import type { ActivateDevice, Activation, Device } from './schema.ts';
import {
	deleteDevice,
	type DeviceRow,
	findDevice,
	findDeviceOf,
	hashFingerprint,
	insertDevice,
	selectDevices,
	toDevice,
} from './store.ts';

const HOUR_MS = 3_600_000;

/** 409 with the devices that hold the seats, so that a buyer can choose which one to give up. */
export class DeviceLimit extends Problem {
	readonly licenseId: string;
	readonly devices: Device[];

	constructor(license: LicenseRow, devices: DeviceRow[]) {
		super({
			status: 409,
			code: 'device_limit',
			detail: `All ${license.maxDevices ?? 0} seats are taken. Deactivate a device, or send takeOver: true to take the seat of the one seen longest ago.`,
		});
		this.licenseId = license.id;
		this.devices = devices.map(toDevice);
	}

	override toJSON(
		instance: string,
		correlationId: string,
	): z.output<typeof problemSchema> & { devices: Device[] } {
		return { ...super.toJSON(instance, correlationId), devices: this.devices };
	}
}

/**
 * Gives a device a seat. The same fingerprint has one activation, however often it asks. The licence is locked first,
 * so that of any number of devices that ask at once no more get a seat than there are.
 * @throws {DeviceLimit} when no seat is free
 */
export async function activateDevice(
	tx: Tx,
	{ key, fingerprint, label, metadata, takeOver }: ActivateDevice,
	cause: Cause,
): Promise<{ activation: Activation; created: boolean }> {
	const license = usableLicense(await lockLicenseByKey(tx, hashKey(key)));
	const fingerprintHash = hashFingerprint(fingerprint);
	const known = await findDeviceOf(tx, license.id, fingerprintHash);
	const { maxDevices: max, deviceCount: used } = license;
	if (known !== undefined) {
		return {
			created: false,
			activation: { device: toDevice(known), limits: { max, used }, replaced: null },
		};
	}
	const full = max !== null && used >= max;
	const others = full ? await selectDevices(tx, license.id) : [];
	const [oldest] = others;
	if (full && (!takeOver || oldest === undefined)) throw new DeviceLimit(license, others);
	limitRate(license);
	if (oldest !== undefined) await removeDevice(tx, license, oldest, 'taken_over', cause);
	const row = await insertDevice(tx, license.id, {
		fingerprintHash,
		label: label ?? null,
		metadata,
	});
	const device = toDevice(row);
	const after = await lockLicense(tx, license.id);
	await note(tx, license, 'activated', cause, { device: device.fingerprintPreview });
	await tell(tx, after ?? license, 'license.activated', cause, { device });
	return {
		created: true,
		activation: {
			device,
			limits: { max, used: after?.deviceCount ?? used + 1 },
			replaced: oldest === undefined ? null : toDevice(oldest),
		},
	};
}

/** @param key  proves that the licence is the caller's; callers with an API key need none */
export async function deactivateDevice(
	tx: Tx,
	id: string,
	key: string | undefined,
	cause: Cause,
): Promise<void> {
	const device = await findDevice(tx, id);
	const license = device === undefined ? undefined : await lockLicense(tx, device.licenseId);
	if (device === undefined || license === undefined) throw notFound('activation', id);
	if (key !== undefined && !license.keyHash.equals(hashKey(key))) throw notFound('activation', id);
	await removeDevice(tx, license, device, 'deactivated', cause);
}

async function removeDevice(
	tx: Tx,
	license: LicenseRow,
	device: DeviceRow,
	reason: 'deactivated' | 'taken_over',
	cause: Cause,
): Promise<void> {
	// Somebody else may have removed it while we waited for the licence.
	if (!(await deleteDevice(tx, device))) return;
	await revokeFiles(tx, license.id, device.fingerprintHash);
	const after = await lockLicense(tx, license.id);
	const told = toDevice(device);
	await note(tx, license, reason, cause, { device: told.fingerprintPreview });
	await tell(tx, after ?? license, 'license.deactivated', cause, { device: told, reason });
}

/**
 * A licence that may be used for something new: active, begun, and not in the limited part of its grace.
 * @throws {Problem} 404 for an unknown key, 409 with the reason
 */
export function usableLicense(license: LicenseRow | undefined): LicenseRow {
	if (license === undefined) throw unknownKey();
	const code = refusalOf(license, new Date());
	if (code === undefined) return license;
	throw new Problem({ status: 409, code: `license_${code}`, detail: REFUSALS[code] });
}

function refusalOf(license: LicenseRow, now: Date): keyof typeof REFUSALS | undefined {
	if (license.status !== 'active') return license.status;
	if (license.startsAt > now) return 'not_yet_valid';
	const stage = stageOf(license, now);
	if (stage === 'blocked') return 'expired';
	return stage === 'limit' ? 'limited' : undefined;
}

const REFUSALS = {
	expired: 'The licence has expired. Renew it.',
	suspended: 'The licence is suspended. Its holder can ask the seller why.',
	revoked: 'The licence is revoked.',
	not_yet_valid: 'The licence is not valid yet.',
	limited: 'The licence has ended and is in its grace: nothing new can be used. Renew it.',
};

export function unknownKey(): Problem {
	return new Problem({
		status: 404,
		code: 'license_key_unknown',
		detail: 'No licence has this key. Check it for typing errors; rotated keys stop to work.',
	});
}

// A key that is passed around is seen by its many new devices; a person does not move house every minute.
function limitRate({ terms, activationWindow, activationWindowCount }: LicenseRow): void {
	const limit = terms.activationsPerHour;
	const windowEnd = (activationWindow?.getTime() ?? 0) + HOUR_MS;
	if (limit === null || windowEnd < Date.now() || activationWindowCount < limit) return;
	const seconds = Math.ceil((windowEnd - Date.now()) / 1000);
	throw new Problem({
		status: 429,
		code: 'activation_rate_limited',
		detail: `This licence takes ${limit} new devices in an hour. Ask again in ${seconds} s.`,
		headers: { 'retry-after': String(seconds) },
	});
}
