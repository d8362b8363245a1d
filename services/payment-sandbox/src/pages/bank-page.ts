import type { DebitUnderWay } from '../payments/slow.ts';
import { html, money, type Html } from './html.ts';

/** What banks are working on, with two buttons for each. */
export function bankPage(debits: (DebitUnderWay & { now: number })[]): Html {
	return html`<main class="page">
		<section class="panel">
			<h1>The bank</h1>
			<p>
				${
					debits.length === 0
						? 'No money is under way. Pay something by SEPA Direct Debit, and it shows here.'
						: 'Money is under way. Banks answer by themselves as their test account says, or as you say here.'
				}
			</p>
			<p><a href="/bank">Look again</a></p>
		</section>
		${debits.map(shown)}
	</main>`;
}

function shown({ intent, method, due, now }: DebitUnderWay & { now: number }): Html {
	const { id, amount, currency, description } = intent;
	const { country, last4 } = method.sepa_debit;
	const { name, email } = method.billing_details;
	return html`<section class="panel" aria-labelledby="${id}">
		<h2 class="top" id="${id}">${money(amount, currency)} from ${name ?? email ?? 'somebody'}</h2>
		<p class="row"><span>For</span><span>${description ?? id}</span></p>
		<p class="row"><span>Account</span><span>${country}·· ···· ${last4}</span></p>
		<p class="row">
			<span>Answers</span><span>${due === null ? 'when you say so' : wait(due - now)}</span>
		</p>
		<form class="answers" method="post" action="/bank/${id}">
			<button name="answer" value="pays">The bank pays</button>
			<button class="quiet" name="answer" value="refuses">The bank does not pay</button>
		</form>
	</section>`;
}

function wait(seconds: number): string {
	if (seconds <= 0) return 'any moment';
	if (seconds < 120) return `by itself, in ${seconds} seconds`;
	if (seconds < 7200) return `by itself, in ${Math.round(seconds / 60)} minutes`;
	return `by itself, in ${Math.round(seconds / 3600)} hours`;
}
