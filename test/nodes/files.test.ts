import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type FakeService, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { credentialsFor, nodeRun, workflowWith } from './workflow.ts';

let engine: Engine;
let service: FakeService;

beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});

afterAll(async () => {
	await engine.stop();
	await service.close();
});

describe('download of a video', () => {
	it('gives the bytes with name and type in the chosen field', async () => {
		const bytes = randomBytes(300_000);
		service.on('GET /api/v1/video/download/v1', () => ({
			body: bytes,
			headers: {
				'content-type': 'video/mp4',
				'content-disposition': 'attachment; filename="lamp.mp4"',
			},
		}));
		const result = await engine.call('run', {
			workflow: workflowWith({
				type: 'videoFactory',
				parameters: {
					resource: 'video',
					operation: 'download',
					taskId: 'v1',
					file: 'video',
					binaryPropertyName: 'film',
				},
			}),
			startNode: 'Start',
			credentials: credentialsFor(service),
		});

		const item = nodeRun(result).outputs[0]?.[0];
		expect(item?.json).toEqual({ fileName: 'lamp.mp4', mimeType: 'video/mp4', bytes: 300_000 });
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.binary?.film).toMatchObject({ mimeType: 'video/mp4', fileName: 'lamp.mp4' });
		expect(Buffer.from(item?.binary?.film?.base64 ?? '', 'base64').equals(bytes)).toBe(true);
	});
});

describe('upload of an image', () => {
	const parameters = { resource: 'image', operation: 'upload', binaryPropertyName: 'photo' };

	it('sends the bytes of the binary field as they are', async () => {
		const bytes = randomBytes(5000);
		service.on('POST /api/v1/video/images', () => ({ status: 201, body: { url: 'https://x' } }));
		const result = await engine.call('run', {
			workflow: workflowWith({ type: 'videoFactory', parameters }),
			startNode: 'Start',
			files: {
				photo: { base64: bytes.toString('base64'), mimeType: 'image/png', fileName: 'a.png' },
			},
			credentials: credentialsFor(service),
		});

		const [call] = service.to('POST /api/v1/video/images');
		expect(result.error).toBeUndefined();
		expect(call?.headers['content-type']).toBe('image/png');
		expect(call?.bytes.equals(bytes)).toBe(true);
		expect(nodeRun(result).outputs[0]?.[0]?.json).toEqual({ url: 'https://x' });
	});

	it('says so when the item has no such field', async () => {
		const result = await engine.call('run', {
			workflow: workflowWith({ type: 'videoFactory', parameters }),
			startNode: 'Start',
			credentials: credentialsFor(service),
		});

		expect(result.error?.message).toContain('photo');
	});
});
