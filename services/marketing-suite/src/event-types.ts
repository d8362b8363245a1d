/** Every event of the marketing suite; a webhook endpoint may subscribe to these. */
export const eventTypes = [
	'campaign.started',
	'campaign.finished',
	'email.sent',
	'email.failed',
	'email.opened',
	'email.clicked',
	'email.unsubscribed',
	'mail.sent',
	'mail.failed',
	'contact.created',
	'contact.unsubscribed',
] as const;
export type EventType = (typeof eventTypes)[number];
