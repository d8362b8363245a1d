import { describe, expect, it } from '@jest/globals';
import { currentNodes, type NodeRun } from '../src/launch/execution.ts';
import { stepTimes } from '../src/launch/summary.ts';

const run = (node: string, rest: Partial<NodeRun> = {}): NodeRun => ({
	node,
	type: '',
	state: 'done',
	startedAt: 0,
	endedAt: 0,
	error: undefined,
	outputs: [true],
	items: [],
	...rest,
});

const connections = {
	Start: { main: [[{ node: 'If' }]] },
	If: { main: [[{ node: 'Yes' }], [{ node: 'No' }]] },
	Yes: { main: [[{ node: 'End' }]] },
	No: { main: [[{ node: 'End' }]] },
};

describe('the nodes an execution is at', () => {
	it('are on the branch that was taken', () => {
		const runs = [run('Start'), run('If', { outputs: [false, true] })];
		expect(currentNodes({ connections }, runs)).toEqual(['No']);
	});

	it('are those that wait, whatever comes next', () => {
		const runs = [run('Start'), run('If'), run('Yes', { state: 'waiting', outputs: [] })];
		expect(currentNodes({ connections }, runs)).toEqual(['Yes']);
	});

	it('are none when the last one is done', () => {
		const runs = [run('Start'), run('If', { outputs: [true, false] }), run('Yes'), run('End')];
		expect(currentNodes({ connections }, runs)).toEqual([]);
	});
});

describe('how long steps took', () => {
	it('counts the time that a node has waited for a service to that node', () => {
		expect(
			stepTimes([
				run('Start', { startedAt: 1000, endedAt: 1010 }),
				// n8n counts anew from the moment it is woken.
				run('Make the video', { startedAt: 61_000, endedAt: 61_003 }),
				run('Publish', { startedAt: 61_005, endedAt: 61_103 }),
			]),
		).toEqual([
			{ node: 'Start', ms: 10 },
			{ node: 'Make the video', ms: 59_993 },
			{ node: 'Publish', ms: 100 },
		]);
	});
});
