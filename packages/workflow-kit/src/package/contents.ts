import { isObject, own, ownString, type Json, type JsonObject } from '../model/json.ts';

/** What a package holds beside the workflows themselves, as n8n's format has it. */
export interface PackageContents {
	projects: PackedProject[];
	/** In any order; a parent that is not among them is none. */
	folders: PackedFolder[];
	credentials: PackedCredential[];
	/** Names and columns; the format has no rows. */
	dataTables: PackedDataTable[];
	variables: PackedVariable[];
	tags: PackedTag[];
	/** Where workflows stand, by their ids, and which of their versions they are. */
	workflows: PackedPlace[];
}

interface Named {
	id: string;
	name: string;
}
/** Things outside of projects belong to whoever imports the package. */
export interface Owned extends Named {
	projectId?: string;
}
export type PackedTag = Named;
export interface PackedProject extends Named {
	description?: string;
	icon?: { type: 'emoji' | 'icon'; value: string };
	customTelemetryTags?: { key: string; value: string }[];
}
export interface PackedFolder extends Owned {
	parentFolderId: string | null;
}
export interface PackedCredential extends Owned {
	type: string;
	/** Expressions only: n8n refuses a package with any other value. */
	data?: JsonObject;
}
export interface PackedDataTable extends Owned {
	columns: { name: string; type: 'string' | 'number' | 'boolean' | 'date'; index: number }[];
}
export interface PackedVariable extends Owned {
	type: 'string';
	value?: string;
}
export interface PackedPlace {
	id: string;
	projectId?: string;
	folderId: string | null;
	versionId: string;
	publishedVersionId: string | null;
}

/** Folder and file of each collection of the manifest. */
export const LAYOUT = {
	projects: ['projects', 'project.json'],
	folders: ['folders', 'folder.json'],
	workflows: ['workflows', 'workflow.json'],
	credentials: ['credentials', 'credential.json'],
	dataTables: ['data-tables', 'data-table.json'],
	variables: ['variables', 'variable.json'],
	tags: ['tags', 'tag.json'],
} as const;
export type Collection = keyof typeof LAYOUT;

/** An empty list for each collection, in the order of the manifest. */
export function listsBy<Item>(): Record<Collection, Item[]> {
	return {
		...{ projects: [], folders: [], workflows: [], credentials: [] },
		...{ dataTables: [], variables: [], tags: [] },
	};
}

export function noContents(): PackageContents {
	return {
		...{ projects: [], folders: [], credentials: [], dataTables: [] },
		...{ variables: [], tags: [], workflows: [] },
	};
}

/** Reads what stands in the file of an entry; undefined for what n8n would refuse. */
export const READERS: {
	[Kind in Exclude<Collection, 'workflows'>]: (
		file: JsonObject,
		entry: Named,
	) => PackageContents[Kind][number] | undefined;
} = {
	projects(file) {
		const named = namedIn(file);
		const [icon, tags] = [own(file, 'icon'), own(file, 'customTelemetryTags')];
		const description = ownString(file, 'description');
		return (
			named && {
				...named,
				...(description !== undefined && { description }),
				...(isIcon(icon) && { icon }),
				...(Array.isArray(tags) && { customTelemetryTags: tags.filter(isTelemetryTag) }),
			}
		);
	},
	folders(file) {
		const named = namedIn(file);
		const parent = own(file, 'parentFolderId');
		if (parent !== null && typeof parent !== 'string') return undefined;
		return named && { ...named, parentFolderId: parent };
	},
	credentials(file) {
		const [named, type, data] = [namedIn(file), ownString(file, 'type'), own(file, 'data')];
		if (!type || (data !== undefined && !isObject(data))) return undefined;
		return named && { ...named, type, ...(data !== undefined && { data }) };
	},
	dataTables(file) {
		const [named, columns] = [namedIn(file), own(file, 'columns')];
		if (!Array.isArray(columns)) return undefined;
		const read = columns.flatMap((column) => columnIn(column) ?? []);
		return read.length === columns.length ? named && { ...named, columns: read } : undefined;
	},
	variables(file, { id }) {
		const [name, value] = [ownString(file, 'name'), own(file, 'value')];
		if (!name || (own(file, 'type') ?? 'string') !== 'string') return undefined;
		if (value !== undefined && typeof value !== 'string') return undefined;
		return { id, name, type: 'string', ...(value !== undefined && { value }) };
	},
	tags: namedIn,
};

function namedIn(file: JsonObject): Named | undefined {
	const [id, name] = [ownString(file, 'id'), ownString(file, 'name')];
	return id && name ? { id, name } : undefined;
}

function columnIn(column: Json): PackedDataTable['columns'][number] | undefined {
	if (!isObject(column)) return undefined;
	const [name, type, index] = [
		ownString(column, 'name'),
		own(column, 'type'),
		own(column, 'index'),
	];
	if (!name || typeof index !== 'number' || !Number.isInteger(index)) return undefined;
	if (type !== 'string' && type !== 'number' && type !== 'boolean' && type !== 'date')
		return undefined;
	return { name, type, index };
}

function isIcon(value: unknown): value is NonNullable<PackedProject['icon']> {
	if (!isObject(value)) return false;
	const type = own(value, 'type');
	return (type === 'emoji' || type === 'icon') && ownString(value, 'value') !== undefined;
}

function isTelemetryTag(value: unknown): value is { key: string; value: string } {
	return (
		isObject(value) &&
		ownString(value, 'key') !== undefined &&
		ownString(value, 'value') !== undefined
	);
}
