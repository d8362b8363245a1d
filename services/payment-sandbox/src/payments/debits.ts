/** What becomes of a debit from one of Stripe's test accounts. */
export interface DebitBehaviour {
	iban: string;
	/** For people, on the pay page. */
	label: string;
	/** Stripe's name for a ready-made payment method: `pm_<alias>`. */
	alias: string;
	/** The bank takes minutes to answer, not seconds. */
	isDelayed?: true;
	/** The bank does not pay: the charge's failure code. */
	failure?: string;
	isDisputed?: true;
}

/** Stripe's published test accounts, those of Austria: https://docs.stripe.com/payments/sepa-debit/accept-a-payment */
export const DEBITS: DebitBehaviour[] = [
	{ iban: 'AT611904300234573201', alias: 'success_at', label: 'Bank pays, after some seconds' },
	{
		...{ iban: 'AT321904300235473204', alias: 'successDelayed_at', isDelayed: true },
		label: 'Bank pays, after three minutes',
	},
	{
		...{ iban: 'AT861904300235473202', alias: 'failed_at', label: 'Bank does not pay' },
		failure: 'incorrect_account_holder_name',
	},
	{
		...{ iban: 'AT051904300235473205', alias: 'failedDelayed_at', isDelayed: true },
		...{ label: 'Bank does not pay, told after three minutes' },
		failure: 'incorrect_account_holder_name',
	},
	{
		...{ iban: 'AT981904300002222227', alias: 'insufficientFunds_at' },
		...{ label: 'Insufficient funds', failure: 'insufficient_funds' },
	},
	{
		...{ iban: 'AT981904300000343434', alias: 'exceedsWeeklyVolumeLimit_at' },
		...{ label: 'More than the account may pay a week', failure: 'charge_exceeds_source_limit' },
	},
	{
		...{ iban: 'AT601904300000121212', alias: 'exceedsWeeklyTransactionLimit_at' },
		...{ label: 'More often than the account may pay a week' },
		failure: 'charge_exceeds_weekly_limit',
	},
	{
		...{ iban: 'AT591904300235473203', alias: 'disputed_at', isDisputed: true },
		label: 'Bank pays, then the holder disputes it',
	},
];

const byIban = new Map(DEBITS.map((debit) => [debit.iban, debit]));
const byAlias = new Map(DEBITS.map((debit) => [`pm_${debit.alias}`, debit]));

/** The test account of an IBAN, with or without spaces. */
export function debitOfIban(iban: string): DebitBehaviour | undefined {
	return byIban.get(iban.replace(/[\s-]/g, '').toUpperCase());
}

/** The test account of one of Stripe's ready-made ids: `pm_success_at`. */
export function debitOfAlias(id: string): DebitBehaviour | undefined {
	return byAlias.get(id);
}

const REASONS: Record<string, string> = {
	incorrect_account_holder_name: 'The name does not belong to the account.',
	insufficient_funds: 'There is not enough money in the account.',
	charge_exceeds_source_limit: 'The account may not pay as much in a week.',
	charge_exceeds_weekly_limit: 'The account may not pay as often in a week.',
	bank_refused: 'The bank refused the debit.',
};

/** Why the bank did not pay, in a sentence. */
export function failureMessage(code: string): string {
	return `The payment failed. ${REASONS[code] ?? 'The bank gave no reason.'}`;
}
