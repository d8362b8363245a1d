/** Every event of the store; a webhook endpoint may subscribe to these. */
export const eventTypes = [
	'product.created',
	'product.updated',
	'product.published',
	'product.archived',
	'product.deleted',
	'stock.changed',
	'customer.created',
	'customer.updated',
] as const;
export type EventType = (typeof eventTypes)[number];
