import type { IRun, ITaskData } from 'n8n-workflow';
import type { FailedNode, NodeOutput, NodeRun } from './protocol.ts';

export function errorOf(error: unknown): FailedNode | undefined {
	if (typeof error !== 'object' || error === null) return undefined;
	const read = (key: string): unknown => Object.getOwnPropertyDescriptor(error, key)?.value;
	const context = read('context');
	const itemIndex =
		typeof context === 'object' && context !== null && 'itemIndex' in context
			? Number(context.itemIndex)
			: undefined;
	const text = (value: unknown): string | undefined =>
		typeof value === 'string' ? value : undefined;
	const node = read('node');
	return {
		name: String('name' in error ? error.name : ''),
		message: String('message' in error ? error.message : ''),
		description: text(read('description')),
		httpCode: text(read('httpCode')),
		itemIndex,
		node:
			typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : undefined,
	};
}

function outputOf(
	item: NonNullable<NonNullable<ITaskData['data']>['main'][number]>[number],
): NodeOutput {
	const files = Object.entries(item.binary ?? {}).map(([name, file]) => [
		name,
		{ base64: file.data, mimeType: file.mimeType, fileName: file.fileName },
	]);
	return {
		json: item.json,
		...(files.length === 0 ? {} : { binary: Object.fromEntries(files) }),
		pairedItem: item.pairedItem,
		error: item.error?.message,
	};
}

function nodeRunOf({ executionStatus, data, error }: ITaskData): NodeRun {
	const outputs = (data?.main ?? []).map((items) => (items ?? []).map(outputOf));
	return { status: executionStatus, outputs, error: errorOf(error) };
}

/** The runs of each node by its name. */
export function nodeRunsOf({ data }: Pick<IRun, 'data'>): Record<string, NodeRun[]> {
	const nodes = Object.entries(data.resultData.runData).map(([name, runs]) => [
		name,
		runs.map(nodeRunOf),
	]);
	return Object.fromEntries(nodes);
}
