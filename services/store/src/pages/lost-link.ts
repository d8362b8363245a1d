import { emit } from '@autopilot/events';
import { type Html, html } from '@autopilot/html';
import type { Database } from '@autopilot/postgres';
import type { Order } from '../orders/schema.ts';
import { selectOrders } from '../orders/store.ts';
import { input, message, tokenField } from './shell.ts';

/** Most orders that one mail names. */
const MOST = 5;

export function lostLinkPage(given: {
	token: string;
	error?: string | undefined;
	done?: string | undefined;
}): Html {
	return html`<div class="narrow">
		<h1>Find my order</h1>
		<p>Say which e-mail you ordered with, and we send the links of your latest orders there.</p>
		${message('alert', given.error)} ${message('status', given.done)}
		<form method="post" action="/lost-link">
			${tokenField(given.token)}
			${input({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'email', isRequired: true, maxLength: 254 })}
			<button>Send me the links</button>
		</form>
	</div>`;
}

/** Tells `order.link_requested` for the latest orders of an address; nothing when it has none. */
export async function requestLinks(
	db: Database,
	email: string,
	correlationId: string,
): Promise<void> {
	const orders = await selectOrders(db, { email, limit: MOST });
	await tellLinks(db, orders.slice(0, MOST), correlationId);
}

/** The flow behind this event mails the links; the page itself never shows them to who only knows an address. */
export async function tellLinks(
	db: Database,
	orders: Order[],
	correlationId: string,
): Promise<void> {
	const [latest] = orders;
	if (latest === undefined) return;
	const { email, name, locale } = latest;
	await db.transaction((tx) =>
		emit(tx, {
			type: 'order.link_requested',
			aggregate: { type: 'order', id: latest.id },
			data: { email, name, locale, orders },
			correlationId,
		}),
	);
}
