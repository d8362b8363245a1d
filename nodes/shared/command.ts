import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isObject, textOf } from './problem.ts';
import type { Operation } from './service.ts';

/** Headers of one item's call, and whether the user chose the idempotency key. */
export interface CommandHeaders {
	headers: IDataObject;
	ownKey: boolean;
}

/**
 * The default idempotency key holds through n8n's own retries of a node and differs per item and
 * loop round, so a command is done once however often n8n sends it. `used` are the keys of the
 * items before: with the same key two items would be one command.
 */
export function headersOf(
	context: IExecuteFunctions,
	{ operation, itemIndex, used }: { operation: Operation; itemIndex: number; used: Set<string> },
): CommandHeaders {
	const options: unknown = context.getNodeParameter('options', itemIndex, {});
	const given = isObject(options) ? options : {};
	const execution = context.getExecutionId();
	const headers = { 'x-correlation-id': textOf(given.correlationId) ?? execution };
	if (operation.reads) return { headers, ownKey: false };

	const chosen = textOf(given.idempotencyKey);
	const { id, name } = context.getNode();
	const run = Number(context.evaluateExpression('{{ $runIndex }}', itemIndex));
	const key = chosen ?? `${execution}-${id || name}-${run}-${itemIndex}`;
	if (used.has(key)) {
		throw new NodeOperationError(context.getNode(), 'Two items have the same idempotency key', {
			itemIndex,
			description: `The key "${key}" was used by an item before. Make it differ per item, e.g. with an ID of the item in it.`,
		});
	}
	used.add(key);
	// the services take visible ASCII only
	const sent = key.replace(/[^!-~]/gu, encodeURIComponent);
	return { headers: { ...headers, 'idempotency-key': sent }, ownKey: chosen !== undefined };
}
