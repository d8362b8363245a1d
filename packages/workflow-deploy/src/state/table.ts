import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { N8nApi } from '../n8n/client.ts';
import { pages } from '../n8n/instance.ts';

/**
 * What deployments remember, kept in the instance itself, as a data table: whoever deploys from whatever machine sees the
 * same, and a restored backup of n8n brings its own. People can read it in the editor under "Data tables".
 */
export const TABLE = 'autopilot_deployments';

const COLUMNS = ['kind', 'name', 'state', 'info', 'data'];
const text = z
	.string()
	.nullish()
	.transform((value) => value ?? '');
const row = z.looseObject({
	id: z.number(),
	kind: text,
	name: text,
	state: text,
	info: text,
	data: text,
});

/** `data` is JSON, compressed, in no column of its own: it is nothing for people. */
export interface Row {
	id: number;
	kind: 'lock' | 'workflow' | 'deployment' | 'credential';
	name: string;
	state: string;
	info: string;
	data: unknown;
}

export interface Table {
	/** All rows, or those of one kind, oldest first. */
	rows(kind?: Row['kind']): Promise<Row[]>;
	insert(row: Omit<Row, 'id'>): Promise<number>;
	/** @returns whether such a row was there */
	update(id: number, changed: Partial<Pick<Row, 'state' | 'info' | 'data'>>): Promise<boolean>;
	/** Sets the row of this kind and name. */
	put(row: Omit<Row, 'id'>): Promise<void>;
	delete(id: number): Promise<void>;
}

/** Finds the table. Makes it at the first write: a plan leaves no trace in an instance. */
export async function openTable(api: N8nApi): Promise<Table> {
	let id = await findTable(api);
	const make = async (): Promise<string> => {
		if (id !== undefined) return id;
		const columns = COLUMNS.map((name) => ({ name, type: 'string' }));
		const body = { name: TABLE, columns };
		const made = z.looseObject({ id: z.string() });
		try {
			id = (await api.request(made, '/data-tables', { method: 'POST', body })).id;
		} catch (error) {
			// Another deployment may have made it in this moment.
			id = await findTable(api);
			if (id === undefined) throw error;
		}
		return id;
	};
	return {
		async rows(kind) {
			if (id === undefined) return [];
			const filter = kind === undefined ? '' : `&filter=${filterBy({ kind })}`;
			const path = `/data-tables/${id}/rows?sortBy=id%3Aasc${filter}`;
			const all = await pages(api, z.looseObject({ data: z.array(row) }), path);
			return all.map(unpack);
		},
		async insert(added) {
			const path = `/data-tables/${await make()}/rows`;
			const body = { data: [pack(added)], returnType: 'id' };
			const [made] = await api.request(z.tuple([z.object({ id: z.number() })]), path, {
				method: 'POST',
				body,
			});
			return made.id;
		},
		async update(rowId, changed) {
			const path = `/data-tables/${await make()}/rows/update`;
			const body = { filter: conditions({ id: rowId }), data: pack(changed), returnData: true };
			const rows = await api.request(z.array(z.unknown()), path, { method: 'PATCH', body });
			return rows.length > 0;
		},
		async put(given) {
			const { kind, name } = given;
			const path = `/data-tables/${await make()}/rows/upsert`;
			const body = { filter: conditions({ kind, name }), data: pack(given) };
			await api.request(z.unknown(), path, { method: 'POST', body });
		},
		async delete(rowId) {
			const path = `/data-tables/${await make()}/rows/delete?filter=${filterBy({ id: rowId })}`;
			await api.request(z.unknown(), path, { method: 'DELETE' });
		},
	};
}

async function findTable(api: N8nApi): Promise<string | undefined> {
	const table = z.looseObject({ id: z.string(), name: z.string() });
	const filter = encodeURIComponent(JSON.stringify({ name: TABLE }));
	const path = `/data-tables?filter=${filter}`;
	const { data } = await api.request(z.looseObject({ data: z.array(table) }), path);
	// The filter finds parts of names, too.
	return data.find(({ name }) => name === TABLE)?.id;
}

function conditions(equal: Record<string, string | number>): object {
	const filters = Object.entries(equal).map(([columnName, value]) => ({
		columnName,
		condition: 'eq',
		value,
	}));
	return { type: 'and', filters };
}

function filterBy(equal: Record<string, string | number>): string {
	return encodeURIComponent(JSON.stringify(conditions(equal)));
}

function pack(given: Partial<Omit<Row, 'id'>>): Record<string, string> {
	const { data, ...columns } = given;
	return 'data' in given
		? { ...columns, data: data === null ? '' : gzipSync(JSON.stringify(data)).toString('base64') }
		: columns;
}

function unpack({ id, kind, name, state, info, data }: z.output<typeof row>): Row {
	const packed = Buffer.from(data, 'base64');
	return {
		...{ id, name, state, info },
		kind: z.enum(['lock', 'workflow', 'deployment', 'credential']).parse(kind),
		data: packed.length === 0 ? null : JSON.parse(gunzipSync(packed).toString('utf8')),
	};
}
