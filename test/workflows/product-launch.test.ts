import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deleteStack, findPortBase, services, type Stack, startStack } from '@autopilot/stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CredentialData, RunResult } from '@autopilot/workflow-test';
import { type Engine, runWorkflow, startEngine } from '@autopilot/workflow-test';
import { z } from 'zod';
import { createAudience, createProduct, mailsAbout } from '../e2e/launch.ts';
import { readWorkflow } from './files.ts';

// The workflow as it is in the repository, run by n8n's engine in a process of its own against the real services.

const MINUTES = 60_000;
let stack: Stack;
let engine: Engine;
let dataDir: string;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-workflow-'));
	[engine, stack] = await Promise.all([
		startEngine(),
		startStack({
			dataDir,
			portBase: await findPortBase(),
			only: [...services.map(({ name }) => name), 'mail', 'sample-world'],
			workflows: false,
			// The engine's own resume URLs, on a port of its choice.
			environment: { ...process.env, EGRESS_ALLOW: '127.0.0.1' },
		}),
	]);
}, 10 * MINUTES);
afterAll(async () => {
	await engine?.stop();
	await stack?.stop();
	await deleteStack(dataDir);
});

const credentials = (): CredentialData =>
	Object.fromEntries(
		services.map(({ name, credential }) => {
			const { url, apiKey } = stack.services[name];
			return [credential.type, { baseUrl: url, apiKey }];
		}),
	);
const run = (startNode: string, item: object): Promise<RunResult> =>
	runWorkflow(engine, {
		workflow: readWorkflow('product-launch'),
		startNode,
		items: [JSON.parse(JSON.stringify(item))],
		credentials: credentials(),
		timeLimit: 5 * MINUTES,
	});
const launch = (data: object) => run('Product created', { type: 'product.created', data });
const takeUp = (productId: string) => run('Started for a product', { productId });
const outputOf = ({ nodes }: RunResult, node: string) =>
	nodes[node]?.at(-1)?.outputs.flat()[0]?.json;

const withMedia = z.looseObject({ media: z.array(z.looseObject({ kind: z.string() })) });

describe('product launch', () => {
	it(
		'launches a product without competitors; again, it makes no other video and mails nobody twice',
		async () => {
			await createAudience(stack, 'Friends');
			const created = await createProduct(stack, 'Lantern', 'Friends', { competitorUrls: [] });
			const first = await launch(created);
			expect(first.error).toBeUndefined();
			expect(first.nodes['Research competitors']).toBeUndefined();
			expect(outputOf(first, 'Price advice')).toMatchObject({
				text: 'No comparable price was found: keep €89.00.',
				recommended: { amount: 8900, currency: 'EUR' },
			});
			expect(outputOf(first, 'Note the launch')).toMatchObject({
				status: 'published',
				attributes: { launch: { sent: 50 } },
			});
			expect(await mailsAbout(stack, 'Lantern')).toHaveLength(50);

			const second = await takeUp(created.id);
			expect(second.error).toBeUndefined();
			const videoOf = (result: RunResult) => outputOf(result, 'Make the video')?.task_id;
			expect(videoOf(first)).toEqual(expect.any(String));
			expect(videoOf(second)).toBe(videoOf(first));
			const media = withMedia.parse(outputOf(second, 'Publish the product')).media;
			expect(media.filter(({ kind }) => kind === 'video')).toHaveLength(1);
			expect(outputOf(second, 'Send the campaign')?.id).toBe(
				outputOf(first, 'Send the campaign')?.id,
			);
			expect(outputOf(second, 'End the launch')).toMatchObject({ state: 'succeeded' });
			expect(await mailsAbout(stack, 'Lantern')).toHaveLength(50);
		},
		15 * MINUTES,
	);

	it('does nothing for a product that names no audience', async () => {
		const { nodes, error } = await launch({ id: 'p', title: 'Quiet', attributes: {} });
		expect(error).toBeUndefined();
		expect(Object.keys(nodes)).toEqual(['Product created', 'Has an audience?']);
	});

	it('stops with advice when the audience does not exist', async () => {
		const { error, nodes } = await launch(await createProduct(stack, 'Lost', 'Frien'));
		expect(Object.keys(nodes).slice(-2)).toEqual(['Give it up', 'No such audience']);
		expect(error?.message).toContain('no mailing list named "Frien"');
	});

	it.each([
		['dearer than all', 12_900, 8900, /go down to €89\.00/],
		['cheaper than all', 4900, 6762, /€67\.62 would still undercut/],
		['among them', 9000, 9000, /keep €90\.00/],
	])('advises on a price %s', async (_where, own, recommended, text) => {
		const workflow = readWorkflow('product-launch');
		const nodes = workflow.nodes.flatMap((node) => {
			if (node.name === 'Price advice') return [node];
			return node.name === 'Product created' ? [{ ...node, name: 'Get the product' }] : [];
		});
		const result = await runWorkflow(engine, {
			workflow: {
				...workflow,
				nodes,
				connections: {
					'Get the product': { main: [[{ node: 'Price advice', type: 'main', index: 0 }]] },
				},
			},
			items: [
				{
					variants: [{ price: { amount: own, currency: 'EUR' } }],
					summary: { currency: 'EUR', lowest: 6900, median: 8900, highest: 9900, count: 4 },
				},
			],
			credentials: credentials(),
		});
		expect(outputOf(result, 'Price advice')).toMatchObject({
			recommended: { amount: recommended },
		});
		expect(String(outputOf(result, 'Price advice')?.text)).toMatch(text);
	});
});
