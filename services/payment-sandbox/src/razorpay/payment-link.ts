import { nowOf, type Sandbox } from '../sandbox.ts';
import { RazorpayError } from './error.ts';
import { razorpayId } from './ids.ts';
import type { LinkEntity, RazorpayLink } from './objects.ts';
import type { NewLink } from './parameters.ts';
import { tell } from './webhook.ts';

/** A new link; 400 when its time is too near or its reference is taken. */
export function createLink(sandbox: Sandbox, given: NewLink): LinkEntity {
	const { state } = sandbox;
	const now = nowOf(sandbox);
	if (given.expire_by !== 0 && given.expire_by < now + 15 * 60) {
		throw new RazorpayError(400, 'timestamp must be atleast 15 minutes in future', 'expire_by');
	}
	const known =
		given.reference_id === ''
			? undefined
			: state.list('razorpay.link', { limit: 1 }, { 'entity.reference_id': given.reference_id })
					.data[0];
	if (known !== undefined) {
		throw new RazorpayError(
			400,
			`payment link with given reference_id (${given.reference_id}) already exists`,
			'reference_id',
		);
	}
	const id = razorpayId('plink');
	const entity: LinkEntity = {
		id,
		accept_partial: false,
		amount: given.amount,
		amount_paid: 0,
		callback_method: given.callback_method ?? '',
		callback_url: given.callback_url ?? '',
		cancelled_at: 0,
		created_at: now,
		currency: given.currency,
		customer: given.customer,
		description: given.description,
		expire_by: given.expire_by,
		expired_at: 0,
		notes: given.notes ?? null,
		notify: given.notify ?? { email: false, sms: false },
		order_id: razorpayId('order'),
		payments: [],
		reference_id: given.reference_id,
		reminder_enable: given.reminder_enable,
		short_url: `${sandbox.config.PUBLIC_URL}/razorpay/pay/${id}`,
		status: 'created',
		updated_at: now,
		user_id: '',
	};
	state.put({ id, object: 'razorpay.link', created: now, entity });
	return entity;
}

/** The link of an id, expired if its time is over; 400 when there is none. */
export function linkOf(sandbox: Sandbox, id: string): RazorpayLink {
	const link = sandbox.state.get('razorpay.link', id);
	if (link === undefined) throw new RazorpayError(400, 'The id provided does not exist');
	return alive(sandbox, link);
}

/** A link past its time is expired when somebody looks. */
export function alive(sandbox: Sandbox, link: RazorpayLink): RazorpayLink {
	const { status, expire_by: by } = link.entity;
	if (status !== 'created' || by === 0 || by > nowOf(sandbox)) return link;
	return changeLink(sandbox, link, { status: 'expired', expired_at: by }, 'payment_link.expired');
}

/** Nobody can pay it any more; 400 unless it is open. */
export function cancelLink(sandbox: Sandbox, link: RazorpayLink): RazorpayLink {
	if (link.entity.status !== 'created') {
		throw new RazorpayError(400, `Payment Link cannot be cancelled as it is ${link.entity.status}`);
	}
	return changeLink(
		sandbox,
		link,
		{ status: 'cancelled', cancelled_at: nowOf(sandbox) },
		'payment_link.cancelled',
	);
}

function changeLink(
	sandbox: Sandbox,
	link: RazorpayLink,
	change: Partial<LinkEntity>,
	event: string,
): RazorpayLink {
	const after = { ...link, entity: { ...link.entity, ...change, updated_at: nowOf(sandbox) } };
	sandbox.state.put(after);
	tell(sandbox, event, { payment_link: after.entity });
	return after;
}
