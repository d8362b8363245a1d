import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import { pageOf, readPages } from './pages.ts';
import { callService } from './request.ts';
import type { ServiceAccess } from './service.ts';

type Label = (entry: IDataObject) => string;

/** Search method of a resource locator: one page per call, the cursor leads to the next. */
export function searchBy(service: ServiceAccess, path: string, label: Label) {
	return async function search(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const query = {
			limit: 50,
			...(filter ? { q: filter } : {}),
			...(paginationToken ? { cursor: paginationToken } : {}),
		};
		const { body } = await callService(this, service, { method: 'GET', path, query });
		const { entries, nextCursor } = pageOf(body);
		const results = entries.map((entry) => ({ name: label(entry), value: String(entry.id) }));
		return { results, ...(nextCursor === undefined ? {} : { paginationToken: nextCursor }) };
	};
}

/** Options of a dropdown: everything there is, up to 500 entries. */
export function optionsOf(service: ServiceAccess, path: string, label: Label) {
	return async function load(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const entries = await readPages(this, service, { method: 'GET', path }, { limit: 500 });
		return entries.map((entry) => ({ name: label(entry), value: String(entry.id) }));
	};
}
