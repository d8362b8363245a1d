import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectRedis } from '@autopilot/http';
import { connect } from '@autopilot/postgres';
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
import { hurryWatchdog } from './watchdog.ts';

// The whole product, as an operator runs it: real PostgreSQL, Redis, SMTP, Chromium, FFmpeg and n8n.

const run = promisify(execFile);
const MINUTES = 60_000;
// Limits here end what would wait for ever: a video takes minutes where others work too.
const PATIENCE = { timeoutMs: 10 * MINUTES };
const TEST_LIMIT = 60 * MINUTES;
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
}, 15 * MINUTES);
afterAll(async () => {
	await stack?.stop();
	await deleteStack(dataDir);
}, 5 * MINUTES);

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
		TEST_LIMIT,
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
				{ ...PATIENCE, what: 'a render that is under way' },
			);
			stack.component('video-factory-worker').kill('SIGKILL');
			stack.component('n8n').kill('SIGKILL');
			await stack.component('redis').stop();
			await stack.component('redis').start();
			await stack.component('n8n').ready();

			await reached(stack, product.id, 'Create the campaign');
			await until(async () => (await mailsAbout(stack, 'Ember Two')).length > 5, {
				...PATIENCE,
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
		TEST_LIMIT,
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
			}, PATIENCE);
			expect(mails).toEqual(['operator@autopilot.example']);
			expect(await findExecution(stack, product.id)).toBeDefined();
		},
		TEST_LIMIT,
	);
});

const launchState = z.looseObject({
	...{ state: z.string(), attempts: z.int(), run: z.string() },
});
const launchOf = ({ id }: { id: string }) =>
	call(stack, 'store', { path: `/api/v1/products/${id}/launch`, answer: launchState });
const productOf = ({ id }: { id: string }) =>
	call(stack, 'store', {
		path: `/api/v1/products/${id}`,
		answer: launchedProduct.pick({ status: true, media: true }),
	});
const idsOf = async (service: 'video-factory' | 'marketing-suite', path: string) => {
	const entry = z.looseObject({ sendOnceKey: z.string().nullish() });
	const answer = z.looseObject({ data: z.array(entry) });
	return (await call(stack, service, { path: `${path}?limit=100`, answer })).data;
};

/** Lets minutes pass for all launches. */
async function passMinutes(minutes: number): Promise<void> {
	const db = connect(stack.databaseUrl('store'), { name: 'e2e', max: 1 });
	await db.query('UPDATE launches SET quiet_until = quiet_until - make_interval(mins => $1)', [
		minutes,
	]);
	await db.close();
}

describe('a launch that n8n is killed in between two nodes of', () => {
	it(
		'is taken up again, once it was lost: one video, one campaign, one mail for each contact',
		async () => {
			await hurryWatchdog(stack, 'launch-watchdog');
			const videos = (await idsOf('video-factory', '/api/v1/video/tasks')).length;
			await createAudience(stack, 'Fourth friends');
			const product = await createProduct(stack, 'Ember Four', 'Fourth friends', {
				competitorUrls: [],
			});
			await reached(stack, product.id, 'Expect the video');
			// It sleeps, and has said so: the watchdog, which looks all the time, leaves it alone.
			await passMinutes(200);

			// The run gets no answer when it looks for the template, and is at work, not asleep, when it is killed.
			stack.component('marketing-suite').kill('SIGSTOP');
			try {
				await until(async () => (await productOf(product)).status === 'published', {
					...{ ...PATIENCE, what: 'the product, published with its video' },
				});
				expect(await launchOf(product)).toMatchObject({ state: 'running', attempts: 1 });
				stack.component('n8n').kill('SIGKILL');
			} finally {
				stack.component('marketing-suite').kill('SIGCONT');
			}
			await until(async () => (await fetch(`${stack.urls.n8n}/healthz/readiness`)).ok, {
				...{ ...PATIENCE, what: 'n8n, started again' },
			});
			const lost = await ended(stack, product.id);
			expect(lost.status).toBe('crashed');

			await passMinutes(11);
			const launch = await until(
				async () => {
					const now = await launchOf(product);
					return now.state === 'succeeded' && now;
				},
				{ ...PATIENCE, what: 'the end of the launch' },
			);
			expect(launch.attempts).toBe(2);
			expect(launch.run).not.toBe(lost.id);
			expect((await mailsAbout(stack, 'Ember Four')).sort()).toEqual(addresses());
			expect(await idsOf('video-factory', '/api/v1/video/tasks')).toHaveLength(videos + 1);
			const campaigns = await idsOf('marketing-suite', '/api/campaigns');
			const ours = campaigns.filter(({ sendOnceKey }) => sendOnceKey === `launch-${product.id}`);
			expect(ours).toHaveLength(1);
			const { media } = await productOf(product);
			expect(media.filter(({ kind }) => kind === 'video')).toHaveLength(1);
		},
		TEST_LIMIT,
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
		5 * MINUTES,
	);
});
