import type { RunningStack } from '@autopilot/stack';
import { price, section } from '../launch/summary.ts';
import { colour, duration, print } from '../terminal/print.ts';
import type { Fulfilment } from './fulfilment.ts';

export function printFulfilment(stack: RunningStack, result: Fulfilment): void {
	const { order, mails, download } = result;
	print();
	print(
		colour('bold', `Order ${order.number} is fulfilled`) +
			colour('dim', `  in ${duration(result.tookMs)}`),
	);
	section('Order', [
		['page', colour('cyan', order.orderUrl), ''],
		['total', price({ amount: order.total, currency: order.currency }), order.paymentStatus],
		...order.lines.map(({ title, quantity, totalAmount, delivery }) => [
			`${quantity} ×`,
			title,
			colour('dim', `${price({ amount: totalAmount, currency: order.currency })} ${delivery}`),
		]),
	]);
	section('Parcel', [
		...order.shipments.map(({ carrier, trackingNumber, status }) => [
			carrier,
			trackingNumber,
			status,
		]),
	]);
	section('Licence', [
		['key', result.licenseKey],
		['file', download.file],
	]);
	section('Mails to the customer', [
		...mails.map(({ subject }) => ['', subject]),
		...(stack.urls.inbox === undefined ? [] : [['inbox', colour('cyan', stack.urls.inbox)]]),
	]);
	section('n8n', [
		['execution', colour('cyan', result.executionUrl)],
		['login', `${stack.secrets.n8n.ownerEmail}  ${stack.secrets.n8n.ownerPassword}`],
	]);
	section('Pictures', [['what the customer saw', result.pictures]]);
	section(
		'Steps',
		result.steps.map(({ node, ms }) => [node, duration(ms)]),
	);
}
