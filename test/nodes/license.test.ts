import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { type FakeService, problem, startFakeService } from '../harness/fake-service.ts';
import { type Engine, startEngine } from '@autopilot/workflow-test';
import { credentialsFor, nodeRun, type TestNode, workflowWith } from './workflow.ts';

const VALIDATE = 'POST /api/v1/licenses/validate';

let engine: Engine;
let service: FakeService;
beforeAll(async () => {
	[engine, service] = await Promise.all([startEngine(), startFakeService()]);
});
beforeEach(() => {
	service.received.length = 0;
	service.on(VALIDATE, ({ body }) => {
		const key = Object(body).key;
		const code = key === 'AP-GOOD' ? 'valid' : 'expired';
		return { body: { valid: code === 'valid', code, detail: `It is ${code}.` } };
	});
});
afterAll(async () => {
	await engine.stop();
	await service.close();
});

const gate = async (
	parameters: INodeParameters,
	rest: Partial<TestNode> = {},
	items?: object[],
) => {
	const result = await engine.call('run', {
		workflow: workflowWith({
			...{ type: 'license', ...rest },
			parameters: { requirements: {}, resultField: 'license', ...parameters },
		}),
		startNode: 'Start',
		credentials: credentialsFor(service),
		...(items === undefined ? {} : { items: items.map((json) => ({ ...json })) }),
	});
	const run = result.error === undefined ? nodeRun(result) : undefined;
	return { error: result.error, outputs: run?.outputs ?? [] };
};

describe('the gate', () => {
	it.each([
		['AP-GOOD', 0, 'valid'],
		['AP-OLD', 1, 'expired'],
	])('sends %s to output %i and says why', async (key, output, code) => {
		const { outputs } = await gate({ key });
		expect(outputs[output]).toHaveLength(1);
		expect(outputs[1 - output] ?? []).toHaveLength(0);
		expect(outputs[output]?.[0]?.json.license).toMatchObject({ code, detail: `It is ${code}.` });
		expect(outputs[output]?.[0]?.pairedItem).toEqual({ item: 0 });
	});

	it('asks for what the flow requires', async () => {
		await gate({
			key: ' AP-GOOD ',
			requirements: { entitlements: 'export, teams', productId: 'p1', fingerprint: '' },
			resultField: 'answer',
		});
		expect(service.to(VALIDATE)[0]?.body).toEqual({
			...{ key: 'AP-GOOD', productId: 'p1', entitlements: ['export', 'teams'] },
		});
	});

	it('lets nobody in without a key, and does not ask for it', async () => {
		const { outputs } = await gate({ key: '={{ "" }}' });
		expect(outputs[1]?.[0]?.json.license).toMatchObject({ valid: false, code: 'key_missing' });
		expect(service.received).toEqual([]);
	});

	it('is closed when the store can not be asked', async () => {
		service.on(VALIDATE, () => problem(503, 'not_ready', 'The database is away.'));
		const { error, outputs } = await gate({ key: 'AP-GOOD' });
		expect(error?.message).toContain('The database is away.');
		expect(outputs).toEqual([]);
		const going = await gate({ key: 'AP-GOOD' }, { onError: 'continueRegularOutput' });
		expect(going.outputs[0] ?? []).toHaveLength(0);
		expect(going.outputs[1]?.[0]?.json.error).toBeDefined();
	});
});
