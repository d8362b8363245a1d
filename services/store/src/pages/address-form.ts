import { type Html, html } from '@autopilot/html';
import type { Order, UpdateOrder } from '../orders/schema.ts';
import { updateOrder } from '../orders/schema.ts';
import { addressFields } from './cart-pages.ts';
import { ADDRESS_FIELDS, type Form, filled } from './forms.ts';
import { tokenField } from './shell.ts';

/** Where an order that is not paid goes, or whom it is billed to: both may change what it costs. */
export function addressForm(order: Order, { path, token }: { path: string; token: string }): Html {
	const ships = goesByPost(order);
	const address = ships ? order.shippingAddress : order.billingAddress;
	const legend = ships ? 'Delivery address' : 'Billing address';
	return html`<details class="panel no-print">
		<summary>${address === null ? 'Add' : 'Change'} the address</summary>
		<p class="soft">
			Taxes${ships ? ' and delivery' : ''} depend on it: look at the total before you pay.
		</p>
		<form method="post" action="${path}/address">
			${tokenField(token)} ${addressFields(address, legend)}
			<button class="small">Save</button>
		</form>
	</details>`;
}

/** What a filled in form changes. @throws {ZodError} naming what is wrong */
export function addressChange(order: Order, form: Form): UpdateOrder {
	const { name } = order;
	const address = { ...filled(form, ADDRESS_FIELDS), ...(name === null ? {} : { name }) };
	return updateOrder.parse(
		goesByPost(order) ? { shippingAddress: address } : { billingAddress: address },
	);
}

function goesByPost({ lines }: Order): boolean {
	return lines.some(({ delivery }) => delivery === 'physical');
}
