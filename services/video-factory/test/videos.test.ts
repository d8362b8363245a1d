import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { secretOf, verify } from '@autopilot/events';
import { until } from '@autopilot/postgres/testing';
import { startFactory, tiny, type Factory } from './factory.ts';
import { makePicture } from './world.ts';

// Rendering takes as long as the machine is busy.
jest.setTimeout(600_000);

let factory: Factory;
beforeAll(async () => {
	factory = await startFactory();
});
afterAll(() => factory.close());

const generate = '/api/v1/video/generate';

describe('an order', () => {
	it.each([
		['nothing to film', {}, '/product'],
		['a local file as picture', { ...tiny, images: ['file:///etc/passwd'] }, '/images/0'],
		['a data URL as picture', { ...tiny, images: ['data:image/png;base64,AA=='] }, '/images/0'],
		['a shape that is not offered', { ...tiny, aspect: '4:5' }, '/aspect'],
		['too long a video', { ...tiny, durationSeconds: 600 }, '/durationSeconds'],
		[
			'an invented currency',
			{ product: { title: 'x', price: { amount: 1, currency: 'ZZZ' } } },
			'/product/price/currency',
		],
		['a voice that is an option', { ...tiny, voice: { id: '-w /tmp/x' } }, '/voice/id'],
	])('with %s is refused with a pointer', async (_, body, pointer) => {
		const answer = await factory.send('POST', generate, body);
		expect(answer.statusCode).toBe(400);
		expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
	});

	it('for an unknown voice or an unwritable language says what to do', async () => {
		const voice = await factory.send('POST', generate, { ...tiny, voice: { id: 'nobody' } });
		expect(voice.json()).toMatchObject({ status: 422, code: 'voice_unknown' });
		const order = { product: tiny.product, language: 'fr' };
		const language = await factory.send('POST', generate, order);
		expect(language.json()).toMatchObject({
			status: 422,
			code: 'language_unwritable',
			detail: expect.stringContaining('OPENAI_API_KEY') as unknown,
		});
	});

	it('sent twice with one key is one video', async () => {
		const headers = { 'idempotency-key': 'launch-1' };
		const [first, second] = [
			await factory.generate(tiny, headers),
			await factory.generate(tiny, headers),
		];
		expect(second.task_id).toBe(first.task_id);
		expect(first).toMatchObject({
			status: 'queued',
			title: 'Arc Kettle',
			video: null,
			error: null,
		});
		await factory.send('POST', `/api/v1/video/cancel/${first.task_id}`);
	});

	it('takes empty fields of a form as left out', async () => {
		const { task_id: id } = await factory.generate({
			...{ product: { title: 'x', url: '', brand: '' }, topic: '', language: '' },
			...{ voice: { id: '', rate: 150 }, captions: { style: '', position: '' } },
		});
		const { rows } = await factory.db.query('SELECT video_order FROM videos WHERE id = $1', [id]);
		expect(rows[0]).toMatchObject({
			video_order: {
				...{ language: 'en', aspect: '9:16', voice: { id: 'en-us', rate: 150, pitch: 50 } },
				captions: { style: 'bold', position: 'bottom' },
			},
		});
		await factory.send('POST', `/api/v1/video/cancel/${id}`);
	});

	it('that waits can be cancelled and then deleted, not the other way round', async () => {
		const { task_id: id } = await factory.generate(tiny);
		expect((await factory.send('DELETE', `/api/v1/video/${id}`)).json().code).toBe(
			'video_unfinished',
		);
		const cancelled = await factory.send('POST', `/api/v1/video/cancel/${id}`);
		expect(cancelled.json().status).toBe('cancelled');
		expect((await factory.send('POST', `/api/v1/video/cancel/${id}`)).json().code).toBe(
			'job_ended',
		);
		expect((await factory.send('DELETE', `/api/v1/video/${id}`)).statusCode).toBe(204);
		expect((await factory.send('GET', `/api/v1/video/status/${id}`)).json().code).toBe(
			'video_not_found',
		);
	});

	it('is listed with others, by state and page by page', async () => {
		const ids: string[] = [];
		for (const title of ['a', 'b', 'c']) {
			ids.unshift((await factory.generate({ ...tiny, product: { title } })).task_id);
		}
		const list = async (query: string) =>
			(await factory.send('GET', `/api/v1/video/tasks?${query}`)).json();
		const first = await list('limit=2&status=queued');
		const second = await list(`limit=2&status=queued&cursor=${first.nextCursor}`);
		const listed = [...first.data, ...second.data].map((task) => task.task_id);
		expect(listed).toEqual(ids);
		expect(second.nextCursor).toBeNull();
		for (const id of ids) await factory.send('POST', `/api/v1/video/cancel/${id}`);
	});
});

describe('an image', () => {
	it('is taken by its bytes, shown by its link alone', async () => {
		const upload = (body: Buffer, type: string) =>
			factory.app.inject({
				method: 'POST',
				url: '/api/v1/video/images',
				headers: { authorization: `Bearer ${factory.key}`, 'content-type': type },
				payload: body,
			});
		const picture = makePicture('320x320', ['red', 'blue'], 'png');
		const { url } = (await upload(picture, 'image/jpeg')).json();
		const path = url.replace('http://video.test', '');
		expect(path).toContain('.png?');
		const shown = await factory.app.inject({ url: path });
		expect(shown.rawPayload.equals(picture)).toBe(true);
		expect(shown.headers['content-type']).toBe('image/png');
		const bare = await factory.app.inject({ url: path.split('?')[0] });
		expect(bare.json().code).toBe('link_invalid');
		expect((await upload(Buffer.from('<svg/>'), 'image/svg+xml')).json().code).toBe(
			'image_unreadable',
		);
		expect((await factory.send('POST', '/api/v1/video/images', { a: 1 })).json().code).toBe(
			'image_expected',
		);
	});
});

describe('voices', () => {
	it('are listed by language', async () => {
		const { data } = (await factory.send('GET', '/api/v1/video/voices?language=de')).json();
		expect(data.map(({ id }: { id: string }) => id)).toContain('de');
		expect(data.every(({ id }: { id: string }) => /^de\b/.test(id))).toBe(true);
	});
});

describe('a finished video', () => {
	let id: string;
	let uploaded: string;
	beforeAll(async () => {
		const answer = await factory.app.inject({
			method: 'POST',
			url: '/api/v1/video/images',
			headers: { authorization: `Bearer ${factory.key}`, 'content-type': 'image/jpeg' },
			payload: makePicture('1200x1200', ['0x1f5f8b', '0xe8c27a']),
		});
		uploaded = answer.json().url;
		const url = `${factory.outside.url}/events`;
		await factory.send('POST', '/api/v1/webhook-endpoints', { url, events: ['video.*'] });
		await factory.work();
		const callback = { url: `${factory.outside.url}/resume`, count: 1 };
		const order = { ...tiny, images: [uploaded], callback };
		id = (await factory.generate(order, { 'x-correlation-id': 'launch-7' })).task_id;
		await factory.ended(id);
	});

	it('has links, facts, a receipt and its script', async () => {
		const task = await factory.status(id);
		expect(task).toMatchObject({
			...{
				status: 'succeeded',
				attempts: 1,
				error: null,
				progress: { percent: 100, step: 'done' },
			},
			script: { writer: 'given' },
			video: {
				width: 1080,
				height: 1080,
				downloadUrl: `http://video.test/api/v1/video/download/${id}`,
			},
		});
		expect(task.video?.durationSeconds).toBeGreaterThan(2);
		expect(Math.abs((task.receipt?.integratedLufs ?? 0) + 14)).toBeLessThanOrEqual(0.5);
	});

	it('wakes who waits, once and signed, and tells the subscribers', async () => {
		const to = (path: string) => factory.outside.posted.filter((post) => post.path === path);
		await until(() => to('/resume').length > 0 && to('/events').length > 0);
		const [resume, ...more] = to('/resume');
		expect(more).toEqual([]);
		const body = JSON.parse(resume?.body ?? '');
		expect(body).toMatchObject({
			type: 'jobs.finished',
			data: { jobs: [{ id, state: 'succeeded', result: { task_id: id, video: { width: 1080 } } }] },
		});
		const secret = secretOf(createHash('sha256').update(factory.key).digest());
		expect(verify(resume?.headers ?? {}, resume?.body ?? '', secret)).toBe(true);
		expect(JSON.parse(to('/events')[0]?.body ?? '')).toMatchObject({
			...{ type: 'video.succeeded', correlationId: 'launch-7', aggregate: { type: 'video', id } },
			data: { task_id: id, status: 'succeeded' },
		});
	});

	it('is downloaded whole or in ranges, with a key', async () => {
		const path = `/api/v1/video/download/${id}`;
		const whole = await factory.send('GET', path);
		expect(whole.headers).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes' });
		const bytes = whole.rawPayload;
		expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
		const ranged = (range: string) => factory.send('GET', path, undefined, { range });
		const part = await ranged('bytes=100-199');
		expect(part.statusCode).toBe(206);
		expect(part.headers['content-range']).toBe(`bytes 100-199/${bytes.length}`);
		expect(part.rawPayload.equals(bytes.subarray(100, 200))).toBe(true);
		expect((await ranged('bytes=-50')).rawPayload.equals(bytes.subarray(-50))).toBe(true);
		expect((await ranged(`bytes=${bytes.length}-`)).statusCode).toBe(416);
		expect((await factory.app.inject({ url: path })).statusCode).toBe(401);
	});

	it('is opened by its signed link until that expires', async () => {
		const task = await factory.status(id);
		const open = (url = '') => factory.app.inject({ url: url.replace('http://video.test', '') });
		expect((await open(task.video?.url)).statusCode).toBe(200);
		expect((await open(task.video?.posterUrl)).headers['content-type']).toBe('image/jpeg');
		expect((await open(task.video?.subtitlesUrl)).payload).toContain('Meet the Arc Kettle.');
		const late = factory.links.sign(`/api/v1/video/download/${id}`, -1);
		expect((await open(late)).json().code).toBe('link_invalid');
		const changed = task.video?.url.replace(/signature=./, 'signature=_');
		expect((await open(changed)).statusCode).toBe(403);
		const other = task.video?.url.replace(id, '01890000-0000-7000-8000-000000000000');
		expect((await open(other)).statusCode).toBe(403);
	});

	it('leaves no file when it is deleted', async () => {
		expect((await factory.send('DELETE', `/api/v1/video/${id}`)).statusCode).toBe(204);
		expect((await factory.send('GET', `/api/v1/video/download/${id}`)).statusCode).toBe(404);
		for (const file of ['video.mp4', 'poster.jpg']) {
			await until(async () => (await factory.storage.stat(`videos/${id}/${file}`)) === undefined, {
				what: `${file} is gone`,
			});
		}
	});
});

describe('a video that cannot be made', () => {
	it('fails at once with the reason, and tells it', async () => {
		const images = [`${factory.outside.url}/gone.jpg`];
		const { task_id: id } = await factory.generate({ ...tiny, images });
		const task = await factory.ended(id);
		expect(task).toMatchObject({
			status: 'failed',
			attempts: 1,
			error: { code: 'image_unusable' },
		});
		expect(task.error?.message).toMatch(/gone.jpg could not be fetched: .*404/);
		await until(() => factory.outside.posted.some(({ body }) => body.includes('"video.failed"')));
	});

	it('refuses addresses inside the house that are not opened', async () => {
		const images = ['http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/x.png'];
		const { task_id: id } = await factory.generate({ ...tiny, images });
		const { error } = await factory.ended(id);
		expect(error?.code).toBe('image_unusable');
	});

	it('stops soon when it is cancelled while it renders', async () => {
		const script =
			'Something else entirely. With several sentences in it. So that it takes its time.';
		const { task_id: id } = await factory.generate({ ...tiny, script, aspect: '9:16' });
		const before = await until(
			async () => {
				const { percent } = (await factory.status(id)).progress;
				return percent > 15 && percent;
			},
			{ timeoutMs: 240_000, what: 'a render that is under way' },
		);
		expect((await factory.send('POST', `/api/v1/video/cancel/${id}`)).statusCode).toBe(202);
		const task = await factory.ended(id);
		expect(task.status).toBe('cancelled');
		// Told by how far it came, for seconds say more of the machine.
		expect(task.progress.percent).toBeLessThan(before + 50);
		expect((await factory.send('GET', `/api/v1/video/download/${id}`)).statusCode).toBe(404);
	});
});

describe('the contract', () => {
	it('names every route that the nodes call', async () => {
		const { paths } = (await factory.app.inject({ url: '/openapi.json' })).json();
		expect(Object.keys(paths)).toEqual(
			expect.arrayContaining([
				'/api/v1/video/generate',
				'/api/v1/video/status/{task_id}',
				'/api/v1/video/download/{task_id}',
				'/api/v1/video/tasks',
				'/api/v1/video/cancel/{task_id}',
				'/api/v1/video/{task_id}',
				'/api/v1/video/voices',
				'/api/v1/video/images',
			]),
		);
	});
});
