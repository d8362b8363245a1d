import { CARDS } from '../payments/cards.ts';
import { DEBITS } from '../payments/debits.ts';
import type { MethodType } from '../payments/method-types.ts';
import { html, type Html } from './html.ts';
import type { PayView } from './pay-page.ts';

/**
 * What the buyer pays with. Where there is a choice, only the fields of the chosen method are seen, by CSS alone; all are
 * sent, so none is `required`: a browser would hold back the form for one that nobody sees.
 */
export function methodFields(view: PayView): Html {
	const { payment_method_types: types } = view.session;
	if (types.length === 1) return FIELDS[view.method](view);
	return html`<fieldset class="methods">
		<legend>Payment method</legend>
		${types.map(
			(type) =>
				html`<div class="method">
					<label class="choice" for="method-${type}">
						<input
							id="method-${type}"
							type="radio"
							name="method"
							value="${type}"
							${type === view.method ? html`checked` : null}
						/>
						<span>${NAMES[type]} <small>${HINTS[type]}</small></span>
					</label>
					<div class="fields">${FIELDS[type](view)}</div>
				</div>`,
		)}
	</fieldset>`;
}

const NAMES: Record<MethodType, string> = { card: 'Card', sepa_debit: 'SEPA Direct Debit' };
const HINTS: Record<MethodType, string> = {
	card: 'Paid at once',
	sepa_debit: 'From a bank account; takes a while',
};

const FIELDS: Record<MethodType, (view: PayView) => Html> = {
	card: cardFields,
	sepa_debit: debitFields,
};

function cardFields({ session, number, error, method }: PayView): Html {
	return html`<fieldset>
			<legend>Card information</legend>
			<div class="card">
				<input
					name="number"
					aria-label="Card number"
					inputmode="numeric"
					maxlength="23"
					value="${grouped(number)}"
					${error === undefined || method !== 'card' ? null : html`aria-describedby="error" aria-invalid="true"`}
				/>
				<input
					name="expiry"
					aria-label="Expiry date, month and year"
					inputmode="numeric"
					maxlength="7"
					value="12 / ${String((new Date().getFullYear() + 3) % 100)}"
				/>
				<input
					name="cvc"
					aria-label="Security code"
					inputmode="numeric"
					maxlength="4"
					value="123"
				/>
			</div>
		</fieldset>
		${list(
			'Test cards',
			CARDS.map(({ number: card, label }) => ({
				label,
				number: card,
				url: `/pay/${session.id}?card=${card}`,
			})),
		)}`;
}

function debitFields({ session, storeName, iban, error, method }: PayView): Html {
	return html`<label for="iban">IBAN</label>
		<input
			id="iban"
			name="iban"
			maxlength="42"
			autocapitalize="characters"
			spellcheck="false"
			value="${grouped(iban)}"
			aria-describedby="mandate${error === undefined || method !== 'sepa_debit' ? '' : ' error'}"
			${error === undefined || method !== 'sepa_debit' ? null : html`aria-invalid="true"`}
		/>
		${list(
			'Test accounts',
			DEBITS.map((debit) => ({
				label: debit.label,
				number: debit.iban,
				url: `/pay/${session.id}?iban=${debit.iban}`,
			})),
		)}
		<p class="fine" id="mandate">
			By paying you allow ${storeName} to collect this amount from your account, and your bank to
			pay it. You can have it back from your bank within eight weeks.
		</p>
		<p class="fine">
			In the sandbox you can be
			<a href="/bank" target="_blank">the bank (opens a new page)</a> and decide when it pays.
		</p>`;
}

function list(title: string, entries: { label: string; number: string; url: string }[]): Html {
	return html`<details>
		<summary>${title}</summary>
		<ul>
			${entries.map(
				({ label, number, url }) =>
					html`<li>
						<a href="${url}"><span>${label}</span><code>${grouped(number)}</code></a>
					</li>`,
			)}
		</ul>
	</details>`;
}

/** `4242 4242 4242 4242`, also of an IBAN. */
function grouped(number: string): string {
	return number
		.replace(/[^\dA-Za-z]/g, '')
		.toUpperCase()
		.replace(/(.{4})(?=.)/g, '$1 ');
}
