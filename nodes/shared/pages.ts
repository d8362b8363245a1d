import type { IDataObject } from 'n8n-workflow';

import { isObject, textOf } from './problem.ts';
import type { ServiceCaller } from './request.ts';
import { callService } from './request.ts';
import type { ServiceAccess, ServiceRequest } from './service.ts';

/** Largest page the services give. */
const PAGE_SIZE = 100;

export interface Page {
	entries: IDataObject[];
	nextCursor: string | undefined;
}

/** The entries of a list answer `{data, nextCursor}`. */
export function pageOf(body: unknown): Page {
	if (!isObject(body)) return { entries: [], nextCursor: undefined };
	const entries = Array.isArray(body.data) ? body.data.filter(isObject) : [];
	return { entries, nextCursor: textOf(body.nextCursor) };
}

/** Follows the cursor until there is no next page or `limit` entries were read. */
export async function readPages(
	caller: ServiceCaller,
	service: ServiceAccess,
	request: ServiceRequest,
	{ limit = Infinity, ...options }: { limit?: number; itemIndex?: number; headers?: IDataObject },
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	let cursor: string | undefined;
	do {
		const query = {
			...request.query,
			limit: Math.min(PAGE_SIZE, limit - found.length),
			...(cursor === undefined ? {} : { cursor }),
		};
		const { body } = await callService(caller, service, { ...request, query }, options);
		const page = pageOf(body);
		found.push(...page.entries);
		cursor = page.nextCursor;
	} while (cursor !== undefined && found.length < limit);
	return found.slice(0, limit);
}
