import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectRedis } from '@autopilot/http';
import { until } from '@autopilot/postgres/testing';
import { sampleContacts } from '@autopilot/sample-world';
import { deleteStack, findPortBase, type Stack, stackStatus, startStack } from '@autopilot/stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
	call,
	createAudience,
	createProduct,
	ended,
	findExecution,
	mailsAbout,
	outputOf,
	reached,
} from './launch.ts';

// The whole product, as an operator runs it: real PostgreSQL, Redis, SMTP, Chromium, FFmpeg and n8n.

const run = promisify(execFile);
const MINUTES = 60_000;
let stack: Stack;
let dataDir: string;

beforeAll(async () => {
	dataDir = await mkdtemp(path.join(tmpdir(), 'autopilot-e2e-'));
	stack = await startStack({
		dataDir,
		portBase: await findPortBase(),
		sampleWorld: true,
		// Slow enough for a worker to be killed in the middle of fifty mails.
		overrides: { 'marketing-suite-worker': { SEND_RATE_PER_SECOND: '12' } },
	});
}, 5 * MINUTES);
afterAll(async () => {
	await stack?.stop();
	await deleteStack(dataDir);
}, MINUTES);

/** ffprobe's facts of a video that only its signed link opens. */
async function probe(url: string) {
	const response = await fetch(url);
	expect(response.headers.get('content-type')).toBe('video/mp4');
	const file = path.join(dataDir, 'probe.mp4');
	await writeFile(file, Buffer.from(await response.arrayBuffer()));
	const facts = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file];
	const { streams, format } = JSON.parse((await run('ffprobe', facts)).stdout);
	const of = (type: string) => streams.find((s: { codec_type: string }) => s.codec_type === type);
	return { picture: of('video'), sound: of('audio'), seconds: Number(format.duration) };
}

const scraped = z.looseObject({
	summary: z.looseObject({ count: z.int() }),
	results: z.array(z.looseObject({ diagnosis: z.looseObject({ code: z.string() }).nullish() })),
});
const filmed = z.looseObject({
	video: z.looseObject({ url: z.string(), durationSeconds: z.number() }),
});
const videoTask = z.looseObject({
	task_id: z.string(),
	status: z.string(),
	progress: z.looseObject({ percent: z.number() }),
	receipt: z.looseObject({ segments: z.looseObject({ reused: z.array(z.string()) }) }).nullish(),
});
const launchedProduct = z.looseObject({
	status: z.string(),
	media: z.array(z.looseObject({ kind: z.string() })),
	attributes: z.looseObject({
		priceAdvice: z.looseObject({ text: z.string() }),
		launch: z.looseObject({}),
	}),
});
const addresses = () =>
	sampleContacts()
		.map(({ email }) => email)
		.sort();

describe('a product that is created', () => {
	it(
		'is researched, filmed, published, mailed to its audience and noted, step by step in n8n',
		async () => {
			await createAudience(stack, 'First friends');
			const product = await createProduct(stack, 'Ember One', 'First friends');
			const execution = await ended(stack, product.id);
			expect(execution.status).toBe('success');
			const failed = Object.entries(execution.data?.resultData.runData ?? {})
				.filter(([, runs]) => runs.some(({ error }) => error !== undefined))
				.map(([node]) => node);
			expect(failed).toEqual([]);

			const scrape = scraped.parse(outputOf(execution, 'Research competitors'));
			expect(scrape.summary.count).toBeGreaterThanOrEqual(3);
			const diagnoses = scrape.results.flatMap(({ diagnosis }) => diagnosis?.code ?? []);
			expect(diagnoses).toContain('robots_disallowed');

			const { video } = filmed.parse(outputOf(execution, 'Make the video'));
			const { picture, sound, seconds } = await probe(video.url);
			expect(picture).toMatchObject({
				width: 1080,
				height: 1920,
				codec_name: 'h264',
				profile: 'High',
				pix_fmt: 'yuv420p',
			});
			expect(sound).toMatchObject({ codec_name: 'aac', sample_rate: '48000', channels: 2 });
			expect(seconds).toBeCloseTo(video.durationSeconds, 0);

			expect((await mailsAbout(stack, 'Ember One')).sort()).toEqual(addresses());

			const launched = await call(stack, 'store', {
				path: `/api/v1/products/${product.id}`,
				answer: launchedProduct,
			});
			expect(launched.status).toBe('published');
			expect(launched.media.at(-1)?.kind).toBe('video');
			expect(launched.attributes.priceAdvice.text).toMatch(/€/);
			expect(launched.attributes.launch).toMatchObject({ sent: 50, executionId: execution.id });
		},
		5 * MINUTES,
	);

	it(
		'is launched all the same, once, when everything is killed on the way',
		async () => {
			await createAudience(stack, 'Second friends');
			const product = await createProduct(stack, 'Ember Two', 'Second friends');

			await reached(stack, product.id, 'Price advice');
			const rendering = await until(
				async () => {
					const { data } = await call(stack, 'video-factory', {
						path: '/api/v1/video/tasks?limit=1',
						answer: z.looseObject({ data: z.tuple([videoTask]) }),
					});
					const [task] = data;
					return task.status === 'running' && task.progress.percent >= 40 && task;
				},
				{ timeoutMs: MINUTES, what: 'a render that is under way' },
			);
			stack.component('video-factory-worker').kill('SIGKILL');
			stack.component('n8n').kill('SIGKILL');
			await stack.component('redis').stop();
			await stack.component('redis').start();
			await stack.component('n8n').ready();

			await reached(stack, product.id, 'Create the campaign');
			await until(async () => (await mailsAbout(stack, 'Ember Two')).length > 5, {
				timeoutMs: MINUTES,
				what: 'a campaign that is under way',
			});
			stack.component('marketing-suite-worker').kill('SIGKILL');
			const redis = connectRedis(stack.redisUrl('marketing-suite'), { name: 'e2e' });
			await redis.flushall();
			redis.disconnect();

			const execution = await ended(stack, product.id);
			expect(execution.status).toBe('success');
			expect((await mailsAbout(stack, 'Ember Two')).sort()).toEqual(addresses());
			const task = await call(stack, 'video-factory', {
				path: `/api/v1/video/status/${rendering.task_id}`,
				answer: videoTask,
			});
			expect(task.status).toBe('succeeded');
			expect(task.receipt?.segments.reused.length).toBeGreaterThan(0);
		},
		6 * MINUTES,
	);

	it(
		'without an audience that exists stops, is recorded, and the operator is mailed',
		async () => {
			const product = await createProduct(stack, 'Ember Three', 'Nobody we know');
			const execution = await ended(stack, product.id);
			expect(execution.status).toBe('error');
			const mails = await until(async () => {
				const found = await mailsAbout(stack, 'Failed: Product launch');
				return found.length > 0 && found;
			});
			expect(mails).toEqual(['operator@autopilot.example']);
			expect(await findExecution(stack, product.id)).toBeDefined();
		},
		2 * MINUTES,
	);
});

describe('stopping', () => {
	it(
		'leaves no process behind',
		async () => {
			const pids = stack.components.flatMap(({ pid }) => pid ?? []);
			expect(pids.length).toBeGreaterThan(10);
			await stack.stop();
			const alive = pids.filter((pid) => {
				try {
					return process.kill(pid, 0);
				} catch {
					return false;
				}
			});
			expect(alive).toEqual([]);
			expect((await stackStatus(dataDir)).state).toBe('stopped');
		},
		MINUTES,
	);
});
