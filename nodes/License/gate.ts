import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem, isObject, nodeErrorOf, textOf } from '../shared/problem.ts';
import { callService } from '../shared/request.ts';
import { continuesOnFail, isTool } from '../shared/tool.ts';

const store = { name: 'Store', credential: 'autopilotStoreApi' };

/**
 * Asks the store about each item's key: the first output gets the items that may go on, the second the others, each
 * with the answer and its code. That the store could not be asked is an error and no answer: nothing goes on then.
 * An AI agent reads the first output alone, so it gets every answer there, and no more than the answer.
 */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const valid: INodeExecutionData[] = [];
	const tool = isTool(context);
	const notValid: INodeExecutionData[] = tool ? valid : [];
	for (const [itemIndex, item] of context.getInputData().entries()) {
		try {
			const answer = await ask(context, itemIndex);
			const field = textOf(context.getNodeParameter('resultField', itemIndex)) ?? 'license';
			const output = answer.valid === true ? valid : notValid;
			output.push({
				json: { ...(tool ? {} : item.json), [field]: answer },
				...(item.binary && { binary: item.binary }),
				pairedItem: { item: itemIndex },
			});
		} catch (error) {
			const failure = nodeErrorOf(context, error, itemIndex);
			if (!continuesOnFail(context)) throw failure;
			notValid.push(errorItem(failure, itemIndex));
		}
	}
	return tool ? [valid] : [valid, notValid];
}

async function ask(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const given: unknown = context.getNodeParameter('requirements', itemIndex, {});
	const { entitlements, fingerprint, productId } = isObject(given) ? given : {};
	const body = {
		key: String(context.getNodeParameter('key', itemIndex)).trim(),
		...(textOf(fingerprint) && { fingerprint }),
		...(textOf(productId) && { productId }),
		...(listOf(entitlements).length > 0 && { entitlements: listOf(entitlements) }),
	};
	// An empty key is no fault of the flow: who has none is not let in.
	if (body.key === '') return { valid: false, code: 'key_missing', detail: 'There is no key.' };
	const answer = await callService(
		context,
		store,
		{ method: 'POST', path: '/api/v1/licenses/validate', body },
		{ itemIndex },
	);
	return isObject(answer.body) ? answer.body : { valid: false };
}

function listOf(value: unknown): string[] {
	const entries = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
	return entries.map((entry) => entry.trim()).filter(Boolean);
}
