import type { Terms } from '../license-policies/schema.ts';
import type { LicenseStatus, Stage } from './schema.ts';

const DAY_MS = 86_400_000;

/** When a licence stops to work: its end, and the grace after it. Null never. */
export function endOf(
	expiresAt: Date | null,
	graceUntil: Date | null,
	grace: Terms['grace'],
): Date | null {
	if (expiresAt === null) return null;
	return graceUntil ?? new Date(expiresAt.getTime() + (grace.warnDays + grace.limitDays) * DAY_MS);
}

interface Span {
	expiresAt: Date | null;
	endsAt: Date | null;
	terms: Pick<Terms, 'grace'>;
}

/** Grace degrades: all works with a warning, then less works, then nothing. It never bricks at once. */
export function stageOf({ expiresAt, endsAt, terms: { grace } }: Span, now: Date): Stage {
	if (expiresAt === null || now < expiresAt) return 'ok';
	if (endsAt === null || now >= endsAt) return 'blocked';
	if (grace.limitDays === 0) return 'warn';
	return now.getTime() < expiresAt.getTime() + grace.warnDays * DAY_MS ? 'warn' : 'limit';
}

/** What the licence grants in that stage. */
export function entitlementsIn(
	stage: Stage,
	terms: Pick<Terms, 'entitlements' | 'grace'>,
): string[] {
	if (stage === 'ok' || stage === 'warn') return terms.entitlements;
	if (stage === 'blocked') return [];
	return terms.entitlements.filter((name) => terms.grace.limitEntitlements.includes(name));
}

/** The newest that payments have said about one thing. */
export interface Source {
	kind: 'refund' | 'dispute' | 'subscription' | 'renewal' | 'renewal_dispute';
	state: string;
	subscriptionId: string | null;
	periodEnd: Date | null;
	graceUntil: Date | null;
	sourceAt: Date;
	sourceId: string;
}

export interface Verdict {
	status: LicenseStatus;
	reason: string | null;
}

const STOPPED = new Set(['unpaid', 'paused', 'incomplete']);

/**
 * The status, of all that speaks for and against a licence. Each voice is kept by itself, so a renewal does not undo
 * an open dispute, nor a won dispute what an operator has decided. What weighs most comes first.
 */
export function statusOf(
	license: {
		hold: 'suspended' | 'revoked' | null;
		holdReason: string | null;
		overruledSources: readonly string[];
		endsAt: Date | null;
	},
	sources: readonly Source[],
	now: Date,
): Verdict {
	const { hold, holdReason } = license;
	const heard = sources.filter(({ sourceId }) => !license.overruledSources.includes(sourceId));
	const said = (kind: Source['kind']) =>
		heard.filter((source) => source.kind === kind).map(({ state }) => state);
	if (hold === 'revoked') return { status: 'revoked', reason: holdReason };
	if (said('refund').includes('refunded')) return { status: 'revoked', reason: 'refunded' };
	if (said('renewal').includes('refunded')) return { status: 'revoked', reason: 'period_refunded' };
	if (said('dispute').includes('lost')) return { status: 'revoked', reason: 'dispute_lost' };
	if (heard.some((source) => isLostPeriod(source, sources))) {
		return { status: 'revoked', reason: 'period_dispute_lost' };
	}
	if (hold === 'suspended') return { status: 'suspended', reason: holdReason };
	if ([...said('dispute'), ...said('renewal_dispute')].includes('opened')) {
		return { status: 'suspended', reason: 'dispute_open' };
	}
	const stopped = said('subscription').find((state) => STOPPED.has(state));
	if (stopped !== undefined) return { status: 'suspended', reason: stopped };
	if (license.endsAt !== null && license.endsAt <= now) return { status: 'expired', reason: null };
	return { status: 'active', reason: null };
}

// The money of a renewal is lost, and none has come for a later period.
function isLostPeriod({ kind, state, periodEnd }: Source, sources: readonly Source[]): boolean {
	if (kind !== 'renewal_dispute' || state !== 'lost') return false;
	return !sources.some(
		(other) =>
			other.kind === 'renewal' &&
			(other.periodEnd?.getTime() ?? 0) > (periodEnd?.getTime() ?? Infinity),
	);
}

/**
 * Until when a subscription lets its licence run. past_due runs on until the end of the grace; a cancelled one runs
 * out, without grace: nothing more is to be paid. When it is cancelled for want of money, what was paid for counts.
 */
export function spanOf(
	license: { expiresAt: Date | null; subscriptionStatus: string | null },
	source: Source,
): { expiresAt: Date | null; graceUntil: Date | null } {
	const { expiresAt } = license;
	switch (source.state) {
		case 'trialing':
		case 'active':
			return { expiresAt: source.periodEnd ?? expiresAt, graceUntil: null };
		case 'past_due':
			return { expiresAt: expiresAt ?? source.sourceAt, graceUntil: source.graceUntil };
		case 'canceled':
		case 'cancelled':
		case 'ended':
		case 'incomplete_expired': {
			const unpaid = ['past_due', 'unpaid'].includes(license.subscriptionStatus ?? '');
			const end = unpaid ? (expiresAt ?? source.sourceAt) : (source.periodEnd ?? source.sourceAt);
			return { expiresAt: end, graceUntil: end };
		}
		default:
			return { expiresAt, graceUntil: null };
	}
}
