import { type JobContext, JobFailure, type JobHandler, handle } from '@autopilot/jobs';
import type { Database } from '@autopilot/postgres';
import type { Storage } from '@autopilot/storage';
import type { PageReader, UrlReading } from '../pages/page-reader.ts';
import { scrapeUrls } from './schema.ts';
import type { Scrape, ScrapeOptions, ScrapeResult } from './schema.ts';
import { getScrape, tellEnd } from './scrapes.ts';
import { deleteFailedResults, insertResult } from './store.ts';

export interface ScrapeParts {
	db: Database;
	storage: Storage;
	reader: PageReader;
	publicUrl: string;
}

/** URLs of one scrape under way at once; the hosts' budgets and the browser's pages limit further. */
const parallelUrls = 8;

export function scrapeHandler(parts: ScrapeParts): JobHandler {
	return handle(scrapeUrls, (context) => run(parts, context, context.payload.scrapeId), tellEnd);
}

/** Safe to repeat: it reads only the URLs that have no result yet. */
async function run(
	parts: ScrapeParts,
	{ attempt, progress, signal }: JobContext<unknown>,
	id: string,
): Promise<{ ok: number; partial: number; failed: number }> {
	// The first attempt of a scrape that has results is one that was asked to run again.
	if (attempt === 1) await deleteFailedResults(parts.db, id);
	const scrape = await getScrape(parts.db, id);
	const known = new Set(scrape.results.map(({ index }) => index));
	const missing = scrape.urls.flatMap((url, index) => (known.has(index) ? [] : [{ url, index }]));
	const total = scrape.urls.length;
	let done = known.size;
	const tell = () => progress((done / total) * 100, `${done} of ${total} pages`);

	tell();
	const faults: unknown[] = [];
	const work = async () => {
		for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
			try {
				await readUrl(parts, scrape, { ...next, signal });
				done++;
				tell();
			} catch (error) {
				// A fault of our own: the other URLs are read all the same, then the job is tried again.
				faults.push(error);
			}
			signal.throwIfAborted();
		}
	};
	await Promise.all(Array.from({ length: parallelUrls }, work));
	if (faults.length > 0) throw faults[0];
	return outcomeOf(await getScrape(parts.db, id));
}

async function readUrl(
	{ db, storage, reader, publicUrl }: ScrapeParts,
	{ id, options }: Scrape,
	{ url, index, signal }: { url: string; index: number; signal: AbortSignal },
): Promise<void> {
	const reading = await reader.read(url, { ...options, locale: options.locale, signal });
	let key: string | null = null;
	if (reading.screenshot !== null) {
		key = `screenshots/${id}/${index}.jpg`;
		await storage.put(key, reading.screenshot);
	}
	const picture =
		key === null ? null : `${publicUrl}/api/v1/scrapes/${id}/results/${index}/screenshot`;
	await insertResult(db, id, toResult({ url, index }, options, reading, picture), key);
}

function toResult(
	place: { url: string; index: number },
	options: ScrapeOptions,
	{ reviews, fields, screenshot: _bytes, ...reading }: UrlReading,
	screenshot: string | null,
): ScrapeResult {
	const isEmpty = Object.keys(reading.product).length === 0;
	return {
		...place,
		...reading,
		product: isEmpty ? null : reading.product,
		...(options.extract === 'reviews' ? { reviews: reviews ?? [] } : {}),
		...(options.fields.length > 0 ? { fields: fields ?? {} } : {}),
		...(screenshot === null ? {} : { screenshot }),
	};
}

/** A scrape fails as a whole only when no page gave anything. */
function outcomeOf({ results }: Scrape) {
	const count = (status: string) => results.filter((result) => result.status === status).length;
	const outcome = { ok: count('ok'), partial: count('partial'), failed: count('failed') };
	if (outcome.failed < results.length) return outcome;
	const reasons = new Set(results.flatMap(({ diagnosis }) => diagnosis?.code ?? []));
	throw new JobFailure(
		'nothing_read',
		`None of the ${results.length} pages could be read (${[...reasons].join(', ')}). Each result says why.`,
	);
}
