import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ItemInput } from './input.ts';

/** One call to a service: what of the item goes into path, query and body. */
export interface ServiceRequest {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	path: string;
	query?: IDataObject;
	body?: IDataObject | ServiceFile;
}

/** Bytes sent as the body as they are, with their own content type. */
export interface ServiceFile {
	bytes: Buffer;
	mimeType: string;
}

export type JobState = 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Work that a command starts and that ends later. */
export interface LongJob {
	/** What the user waits for, e.g. "video"; used in messages. */
	noun: string;
	/** Type of the call-back that tells of its end; `jobs.finished` when not given. */
	event?: string;
	/** Id of the thing under way, taken from the answer to the command. */
	id(answer: IDataObject): string;
	/** Reads the thing as the node outputs it; `get` calls the service. */
	load(id: string, get: (path: string) => Promise<IDataObject>): Promise<IDataObject>;
	state(thing: IDataObject): JobState;
	/** What went wrong, and what the user can do about it. */
	failure(thing: IDataObject): { reason: string; advice: string };
}

/**
 * One operation of a node, in one file: the fields it shows and the call it makes. `answer` says how
 * the answer becomes items: `object` one item (default), `list` one item per entry of `data`,
 * `pages` the same with Return All/Limit over all pages, `file` one item with binary data.
 */
export interface Operation {
	name: string;
	value: string;
	/** Sentence in the editor's list of actions. */
	action: string;
	description: string;
	fields: INodeProperties[];
	request(input: ItemInput): ServiceRequest | Promise<ServiceRequest>;
	answer?: 'object' | 'list' | 'pages' | 'file';
	/** It changes nothing, so no idempotency key is sent. */
	reads?: true;
	job?: LongJob;
}

export interface Resource {
	name: string;
	value: string;
	operations: readonly Operation[];
}

/** What it takes to call a service: its name in messages and the credential with key and URL. */
export interface ServiceAccess {
	name: string;
	/** Credential type, e.g. `autopilotStoreApi`. */
	credential: string;
}

/** A service as its node sees it: how it is called and what can be done with it. */
export interface Service extends ServiceAccess {
	resources: readonly Resource[];
}
