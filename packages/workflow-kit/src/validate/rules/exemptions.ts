import type { Json } from '../../model/json.ts';
import { from, type Example, type Rule } from '../rule.ts';

function lint(exemption: Json): Example {
	return { file: { exemptions: [exemption] }, show: '' };
}

const GOOD = lint({
	rule: 'schedule-too-frequent',
	file: 'stock.json',
	reason: 'The scale sends no events; its maker promises them for spring.',
	until: '2099-03-31',
});

export const exemptionRules = {
	'exemption-wrong': {
		severity: from('import', 'error'),
		title: 'An exemption is incomplete',
		why: 'A rule is turned off for a reason and until a day; without them nobody knows when to turn it on again.',
		advice: 'Write rule, reason and until (YYYY-MM-DD); file and node narrow it down.',
		bad: lint({ rule: 'schedule-too-frequent', file: 'stock.json' }),
		good: GOOD,
	},
	'exemption-expired': {
		severity: from('import', 'error'),
		title: 'An exemption has expired',
		why: 'The day has come that somebody wrote down.',
		advice: 'Mend what it excused, or give it a new day and say why.',
		bad: lint({
			rule: 'schedule-too-frequent',
			file: 'stock.json',
			reason: 'The scale sends no events; its maker promises them for spring.',
			until: '2020-03-31',
		}),
		good: GOOD,
	},
	'exemption-unused': {
		severity: from('import', 'warning'),
		title: 'Nothing needs an exemption',
		why: 'It would hide the next finding of that rule.',
		advice: 'Remove it.',
		bad: GOOD,
		good: { file: { exemptions: [] }, show: '' },
	},
} as const satisfies Record<string, Rule>;
