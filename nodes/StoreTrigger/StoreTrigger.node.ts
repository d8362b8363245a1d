import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { createEndpoint, endpointExists, receiveEvent, removeEndpoint } from '../shared/trigger.ts';
import { filters, isWanted } from './wanted.ts';

const access = { name: 'Store', credential: 'autopilotStoreApi' };

export class StoreTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Store Trigger',
		name: 'storeTrigger',
		icon: {
			light: 'file:../../icons/store.svg',
			dark: 'file:../../icons/store.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow on events of the Autopilot store',
		eventTriggerDescription: 'Waiting for an event of the Store',
		activationMessage: 'The Store now starts this workflow on the events you chose.',
		defaults: { name: 'Store Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'autopilotStoreApi', required: true }],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['product.created'],
				description: 'What starts the workflow',
				options: [
					{ name: 'Customer Created', value: 'customer.created' },
					{ name: 'Customer Updated', value: 'customer.updated' },
					{ name: 'Dispute Lost', value: 'dispute.lost' },
					{ name: 'Dispute Opened', value: 'dispute.opened' },
					{ name: 'Dispute Won', value: 'dispute.won' },
					{ name: 'Download Completed', value: 'download.completed' },
					{ name: 'Download Issued', value: 'download.issued' },
					{ name: 'Download Limit Reached', value: 'download.limit_reached' },
					{ name: 'License Activated', value: 'license.activated' },
					{ name: 'License Created', value: 'license.created' },
					{ name: 'License Deactivated', value: 'license.deactivated' },
					{ name: 'License Expired', value: 'license.expired' },
					{ name: 'License Expiring', value: 'license.expiring' },
					{ name: 'License Limit Reached', value: 'license.limit_reached' },
					{ name: 'License Reinstated', value: 'license.reinstated' },
					{ name: 'License Renewed', value: 'license.renewed' },
					{ name: 'License Resent', value: 'license.resent' },
					{ name: 'License Revoked', value: 'license.revoked' },
					{ name: 'License Rotated', value: 'license.rotated' },
					{ name: 'License Suspended', value: 'license.suspended' },
					{ name: 'License Transferred', value: 'license.transferred' },
					{ name: 'Order Abandoned', value: 'order.abandoned' },
					{ name: 'Order Cancelled', value: 'order.cancelled' },
					{ name: 'Order Created', value: 'order.created' },
					{ name: 'Order Delivered', value: 'order.delivered' },
					{ name: 'Order Expired', value: 'order.expired' },
					{ name: 'Order Fulfilling', value: 'order.fulfilling' },
					{ name: 'Order Link Requested', value: 'order.link_requested' },
					{ name: 'Order Paid', value: 'order.paid' },
					{ name: 'Order Partially Refunded', value: 'order.partially_refunded' },
					{ name: 'Order Payment Failed', value: 'order.payment_failed' },
					{ name: 'Order Refunded', value: 'order.refunded' },
					{ name: 'Order Shipped', value: 'order.shipped' },
					{ name: 'Order Stock Failed', value: 'order.stock_failed' },
					{ name: 'Order Updated', value: 'order.updated' },
					{ name: 'Payment Disputed', value: 'payment.disputed' },
					{ name: 'Payment Failed', value: 'payment.failed' },
					{ name: 'Payment Rejected', value: 'payment.rejected' },
					{ name: 'Payment Succeeded', value: 'payment.succeeded' },
					{ name: 'Product Archived', value: 'product.archived' },
					{ name: 'Product Created', value: 'product.created' },
					{ name: 'Product Deleted', value: 'product.deleted' },
					{ name: 'Product Published', value: 'product.published' },
					{ name: 'Product Updated', value: 'product.updated' },
					{ name: 'Refund Created', value: 'refund.created' },
					{ name: 'Refund Failed', value: 'refund.failed' },
					{ name: 'Refund Succeeded', value: 'refund.succeeded' },
					{ name: 'Shipment Created', value: 'shipment.created' },
					{ name: 'Shipment Delivered', value: 'shipment.delivered' },
					{ name: 'Shipment Failed', value: 'shipment.failed' },
					{ name: 'Shipment Updated', value: 'shipment.updated' },
					{ name: 'Stock Changed', value: 'stock.changed' },
					{ name: 'Subscription Cancelled', value: 'subscription.cancelled' },
					{ name: 'Subscription Created', value: 'subscription.created' },
					{ name: 'Subscription Ended', value: 'subscription.ended' },
					{ name: 'Subscription Past Due', value: 'subscription.past_due' },
					{ name: 'Subscription Paused', value: 'subscription.paused' },
					{ name: 'Subscription Renewed', value: 'subscription.renewed' },
					{ name: 'Subscription Resumed', value: 'subscription.resumed' },
					{ name: 'Subscription Unpaid', value: 'subscription.unpaid' },
				],
			},
			filters,
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await endpointExists(this, access);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await createEndpoint(this, access);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await removeEndpoint(this, access);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return receiveEvent(this, (event) => isWanted(this, event));
	}
}
