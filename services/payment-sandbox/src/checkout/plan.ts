import type { Coupon } from '../billing/coupon.ts';
import type { Sandbox } from '../sandbox.ts';
import type { LineItem } from './line-items.ts';
import type { CheckoutSession } from './session.ts';

/** `payment_intent_data`: what the payment intent is to carry. */
export interface IntentData {
	description?: string | undefined;
	metadata?: Record<string, string> | undefined;
	receipt_email?: string | undefined;
	capture_method?: 'automatic' | 'automatic_async' | 'manual' | undefined;
	setup_future_usage?: string | undefined;
	statement_descriptor?: string | undefined;
	statement_descriptor_suffix?: string | undefined;
	transfer_group?: string | undefined;
	shipping?: unknown;
}

/** `subscription_data`: what the subscription is to carry. */
export interface SubscriptionData {
	description?: string | undefined;
	metadata?: Record<string, string> | undefined;
	trial_end?: number | undefined;
	trial_period_days?: number | undefined;
}

/** What a session keeps for the moment it is paid; beside it, since Stripe's object doesn't show it. */
export interface SessionPlan {
	lines: LineItem[];
	intent: IntentData;
	subscription: SubscriptionData;
	coupon: Coupon | null;
}

/** The plan of a session; an empty one when there is none. */
export function planOf({ state }: Sandbox, session: CheckoutSession): SessionPlan {
	return state.setting<SessionPlan>(`plan:${session.id}`, {
		lines: [],
		intent: {},
		subscription: {},
		coupon: null,
	});
}
