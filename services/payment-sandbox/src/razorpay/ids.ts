import { randomBytes } from 'node:crypto';

/** Razorpay's ids: a prefix and 14 letters and digits. */
export function razorpayId(prefix: string): string {
	return `${prefix}_${randomBytes(20)
		.toString('base64')
		.replace(/[^A-Za-z0-9]/g, '')
		.slice(0, 14)
		.padEnd(14, '0')}`;
}
