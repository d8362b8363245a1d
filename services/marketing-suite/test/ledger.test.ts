import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeLedger } from '../src/campaigns/audience-store.ts';
import { beginSending, setSending } from '../src/campaigns/store.ts';
import { type MarketingApp, startMarketingApp } from './marketing-app.ts';

let marketing: MarketingApp;
beforeAll(async () => {
	marketing = await startMarketingApp();
});
afterAll(() => marketing.close());

describe('the ledger of a campaign', () => {
	it('is written in pieces: everybody once who was on its lists when it began', async () => {
		const { call, db } = marketing;
		const lists = [await marketing.listOf('first', 5), await marketing.listOf('second', 4)];
		const { body: page } = await call('GET', `/api/contacts?listId=${lists[0]}`);
		const [both, gone, blocked] = page.data;
		await call('POST', `/api/lists/${lists[1]}/contacts`, { contactIds: [both.id] });
		await call('POST', `/api/contacts/${gone.id}/unsubscribe`);
		await call('POST', '/api/suppressions', { email: blocked.email });
		const { id } = await marketing.draft(lists);
		const write = () => db.transaction((tx) => writeLedger(tx, id, 2));
		await db.transaction(async (tx) => {
			await beginSending(tx, id);
			await setSending(tx, id, { jobId: randomUUID(), audience: 8 });
		});
		expect(await write()).toBe(true);
		await call('POST', '/api/contacts', {
			...{ email: 'late@example.com', lists: [lists[0]], consent: { source: 'test' } },
		});
		expect(await marketing.analytics(id)).toMatchObject({ audience: 8, pending: 8 });

		// Several workers may come to the same campaign.
		const answers = await Promise.all(Array.from({ length: 8 }, write));
		expect(answers).toContain(false);
		expect(await write()).toBe(false);
		expect(await marketing.analytics(id)).toMatchObject({
			...{ audience: 8, pending: 7, suppressed: 1 },
		});
		const { body } = await call('GET', `/api/campaigns/${id}/recipients?limit=100`);
		const written = body.data.map(({ email }: { email: string }) => email).sort();
		const expected = [0, 1, 2, 3, 4].map((n) => `first${n}@example.com`);
		expected.push(...[0, 1, 2, 3].map((n) => `second${n}@example.com`));
		expect(written).toEqual(expected.filter((email) => email !== gone.email));
	});
});
