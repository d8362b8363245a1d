import type { IExecuteFunctions } from 'n8n-workflow';

const AsyncFunction: FunctionConstructor = Object.getPrototypeOf(async () => undefined).constructor;

interface CodeSettings {
	code: string;
	nodeMode: 'runOnceForAllItems' | 'runOnceForEachItem';
}

/**
 * Stands in for n8n's task runner (a process of its own in the server): runs the JavaScript of a
 * Code node with the names the editor offers. Only for code of our own workflows.
 */
export async function runCodeNode(
	_additionalData: unknown,
	_jobType: string,
	settings: CodeSettings,
	context: IExecuteFunctions,
): Promise<{ ok: true; result: unknown } | { ok: false; error: unknown }> {
	const names = ['$', '$input', '$json', '$execution', '$workflow', '$now', '$today', 'items'];
	const program = new AsyncFunction(...names, settings.code);
	const once = async (index: number): Promise<unknown> => {
		const proxy = context.getWorkflowDataProxy(index);
		const items = context.getInputData();
		return await program(...names.map((name) => (name === 'items' ? items : proxy[name])));
	};
	try {
		if (settings.nodeMode === 'runOnceForAllItems') return { ok: true, result: await once(0) };
		const results = context.getInputData().map(async (_, index) => {
			const result = await once(index);
			return typeof result === 'object' && result !== null && 'json' in result
				? { ...result, pairedItem: { item: index } }
				: { json: result, pairedItem: { item: index } };
		});
		return { ok: true, result: await Promise.all(results) };
	} catch (error) {
		return { ok: false, error };
	}
}
