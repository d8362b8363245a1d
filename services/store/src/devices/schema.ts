import { z } from 'zod';

export const licenseKey = z.string().trim().min(1).max(200).describe('The licence key');
export const fingerprint = z
	.string()
	.min(8)
	.max(500)
	.describe('What tells the device from others and stays the same; only its hash is kept');

export const activateDevice = z.object({
	key: licenseKey,
	fingerprint,
	label: z.string().trim().min(1).max(100).optional().describe('For people: "Ada\'s laptop"'),
	metadata: z.record(z.string().max(50), z.string().max(200)).default({}),
	takeOver: z
		.boolean()
		.default(false)
		.describe('When no seat is free, the device that was seen longest ago makes room'),
});
export type ActivateDevice = z.output<typeof activateDevice>;

export const device = z.object({
	id: z.uuid(),
	licenseId: z.uuid(),
	fingerprintPreview: z.string().describe('First digits of the hash'),
	label: z.string().nullable(),
	metadata: z.record(z.string(), z.string()),
	createdAt: z.iso.datetime(),
	lastSeenAt: z.iso.datetime(),
});
export type Device = z.output<typeof device>;

export const activation = z.object({
	device,
	limits: z.object({ max: z.int().nullable(), used: z.int() }),
	replaced: device.nullable().describe('The device that made room'),
});
export type Activation = z.output<typeof activation>;
