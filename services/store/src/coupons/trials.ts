import { type Problem, unprocessable } from '@autopilot/http';
import type { Duration } from './schema.ts';

/**
 * Why a coupon can't be had with a trial, or undefined when it can. Gateways use up what is taken off once with the
 * trial's invoice over nothing, and would take what is taken off for ever off other goods of that invoice.
 * @param lines  `discounted` says whether the coupon takes anything off, `trialDays` is 0 without a trial
 */
export function trialProblem(
	code: string,
	duration: Duration,
	lines: readonly { discounted: boolean; trialDays: number }[],
): Problem | undefined {
	if (!lines.some(({ discounted, trialDays }) => discounted && trialDays > 0)) return undefined;
	if (duration === 'forever' && lines.every(({ trialDays }) => trialDays > 0)) return undefined;
	return unprocessable(
		'coupon_not_for_trial',
		duration === 'once'
			? `The coupon ${code} is taken off the first payment, which costs nothing during a trial. Order without it, use a coupon whose duration is forever, or a plan without a trial.`
			: `The coupon ${code} can't be used for a trial together with other goods. Order the trial by itself.`,
		[{ pointer: '/couponCode', detail: 'can not be redeemed' }],
	);
}
