import { Problem } from '@autopilot/http';
import type { Gateway } from './gateway.ts';
import { createRazorpayGateway } from './razorpay.ts';
import { createStripeGateway } from './stripe.ts';

/** What of the configuration is about gateways. */
export interface GatewayConfig {
	STRIPE_SECRET_KEY?: string | undefined;
	STRIPE_WEBHOOK_SECRET?: string | undefined;
	STRIPE_API_URL?: string | undefined;
	RAZORPAY_KEY_ID?: string | undefined;
	RAZORPAY_KEY_SECRET?: string | undefined;
	RAZORPAY_WEBHOOK_SECRET?: string | undefined;
	RAZORPAY_API_URL?: string | undefined;
}

export interface Gateways {
	/** @param name  the first configured one when not given. @throws {Problem} 503 or 422 */
	pick(name?: string): Gateway;
	all(): Gateway[];
}

/** The gateways for which there are keys. */
export function createGateways(config: GatewayConfig): Gateways {
	const gateways: Gateway[] = [];
	if (config.STRIPE_SECRET_KEY !== undefined) {
		gateways.push(
			createStripeGateway({
				secretKey: config.STRIPE_SECRET_KEY,
				webhookSecret: config.STRIPE_WEBHOOK_SECRET,
				apiUrl: config.STRIPE_API_URL,
			}),
		);
	}
	if (config.RAZORPAY_KEY_ID !== undefined && config.RAZORPAY_KEY_SECRET !== undefined) {
		gateways.push(
			createRazorpayGateway({
				keyId: config.RAZORPAY_KEY_ID,
				keySecret: config.RAZORPAY_KEY_SECRET,
				webhookSecret: config.RAZORPAY_WEBHOOK_SECRET,
				apiUrl: config.RAZORPAY_API_URL,
			}),
		);
	}
	return {
		all: () => gateways,
		pick(name) {
			const gateway = name === undefined ? gateways[0] : gateways.find((one) => one.name === name);
			if (gateway !== undefined) return gateway;
			const variables = name === 'razorpay' ? 'RAZORPAY_KEY_ID and _SECRET' : 'STRIPE_SECRET_KEY';
			throw new Problem({
				status: 503,
				code: 'gateway_not_configured',
				detail: `There are no keys for ${name ?? 'any payment gateway'}. Set ${variables}, or start the payment sandbox.`,
			});
		},
	};
}
