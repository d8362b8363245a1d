import { emit } from '@autopilot/events';
import { notFound } from '@autopilot/http';
import { cancel, enqueue } from '@autopilot/jobs';
import type { Job } from '@autopilot/jobs';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { EventType } from '../event-types.ts';
import { scrapeUrls } from './schema.ts';
import type { CreateScrape, Scrape } from './schema.ts';
import { findScrape, findScrapeOfJob, insertScrape, newScrapeId } from './store.ts';

/** Who asks, and for what: the key that signs the call-back, the correlation id of the request. */
export interface Cause {
	callerId: string;
	correlationId: string;
}

/** Queues the reading of all URLs. */
export async function createScrape(tx: Tx, input: CreateScrape, cause: Cause): Promise<Scrape> {
	const { urls, callback, ...options } = input;
	const id = await newScrapeId(tx);
	const job = await enqueue(tx, scrapeUrls, { scrapeId: id }, { ...cause, callback });
	await insertScrape(tx, {
		id,
		jobId: job.id,
		urls,
		options,
		correlationId: cause.correlationId,
	});
	return await getScrape(tx, id);
}

export async function getScrape(db: Queryable, id: string): Promise<Scrape> {
	const scrape = await findScrape(db, id);
	if (scrape === undefined) throw notFound('scrape', id);
	return scrape;
}

/** Stops a scrape; results that are known stay. */
export async function cancelScrape(tx: Tx, id: string): Promise<Scrape> {
	const { jobId } = await getScrape(tx, id);
	await cancel(tx, jobId);
	return await getScrape(tx, id);
}

/** Tells the end of a scrape. Runs in the transaction that ends its job. */
export async function tellEnd(tx: Tx, job: Job): Promise<void> {
	const type: Record<string, EventType> = {
		succeeded: 'scrape.succeeded',
		failed: 'scrape.failed',
	};
	const event = type[job.state];
	const scrape = await findScrapeOfJob(tx, job.id);
	// Who cancels a scrape knows it.
	if (event === undefined || scrape === undefined) return;
	const results = scrape.results.map(({ screenshot: _url, ...result }) => result);
	await emit(tx, {
		type: event,
		aggregate: { type: 'scrape', id: scrape.id },
		data: { ...scrape, results },
		correlationId: job.correlationId,
	});
}
