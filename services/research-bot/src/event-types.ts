/** Every event of the research bot; a webhook endpoint may subscribe to these. */
export const eventTypes = ['scrape.succeeded', 'scrape.failed'] as const;
export type EventType = (typeof eventTypes)[number];
