import { type Html, html, type Piece } from '@autopilot/html';
import type { Order } from '../orders/schema.ts';
import { day } from './shell.ts';

interface Step {
	label: string;
	at: string | null;
	state: 'done' | 'now' | 'ahead';
}

/** How far an order is; nothing for one that has gone another way. */
export function timeline(order: Order): Piece {
	if (GONE.has(order.status)) return null;
	const physical = order.lines.some(({ delivery }) => delivery === 'physical');
	const rank = RANK[order.status] ?? 0;
	const step = (label: string, at: string | null, from: number): Step => ({
		...{ label, at },
		state: rank >= from ? 'done' : rank === from - 1 ? 'now' : 'ahead',
	});
	const steps = [
		step('Ordered', order.createdAt, 0),
		step('Paid', order.paidAt, 1),
		step('In preparation', null, 2),
		...(physical ? [step('Shipped', order.shippedAt, 3)] : []),
		step(physical ? 'Delivered' : 'Handed over', order.deliveredAt, physical ? 4 : 3),
	];
	return html`<ol class="timeline">
		${steps.map(shown)}
	</ol>`;
}

const GONE = new Set<Order['status']>([
	...(['cancelled', 'expired', 'stock_failed', 'refunded', 'partially_refunded'] as const),
]);

const RANK: Partial<Record<Order['status'], number>> = {
	created: 0,
	pending_payment: 0,
	paid: 1,
	fulfilling: 2,
	shipped: 3,
	delivered: 4,
};

function shown({ label, at, state }: Step): Html {
	const word = { done: 'done', now: 'next', ahead: 'not yet' }[state];
	return html`<li class="${state}" ${state === 'now' ? html`aria-current="step"` : null}>
		<b>${label}</b
		><span class="visually-hidden">${word}</span
		>${state === 'done' && at !== null ? html`<time datetime="${at}">${day(at)}</time>` : null}
	</li>`;
}
