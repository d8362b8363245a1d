import { AsyncLocalStorage } from 'node:async_hooks';
import type { IDataObject, IRunExecutionData } from 'n8n-workflow';
import type { ClosedWorld, NodeRun, SentRequest } from './protocol.ts';

/** What happens in one closed world. */
export interface World {
	executionId: string;
	options: ClosedWorld;
	/** How often each answer was given. */
	given: number[];
	requests: SentRequest[];
	/** Call-backs that were promised and not yet made: the URL, the key that signs, the body. */
	callBacks: { url: string; apiKey: string; body: unknown }[];
	parameters: Record<string, IDataObject[]>;
	/** How often each chat model was asked. */
	replied: Record<string, number>;
	called: { id: string; nodes: Record<string, NodeRun[]> }[];
	/** What called workflows have run, by execution id. */
	children: Map<string, IRunExecutionData>;
}

/** The world of the run that the present code belongs to; undefined outside of one. */
export const currentWorld = new AsyncLocalStorage<World>();
export const worlds = new Map<string, World>();

export function openWorld(executionId: string, options: ClosedWorld): World {
	const opened: World = {
		...{ executionId, options, requests: [], callBacks: [], parameters: {}, called: [] },
		replied: {},
		...{ given: options.answers.map(() => 0), children: new Map() },
	};
	worlds.set(executionId, opened);
	return opened;
}

/** @throws Error outside of a closed world */
export function world(): World {
	const found = currentWorld.getStore();
	if (found === undefined) throw new Error('This happens only in a closed world');
	return found;
}
