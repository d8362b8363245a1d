import type { JsonObject } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import {
	countOf,
	label,
	list,
	main,
	numbered,
	object,
	takes,
	text,
	type Port,
	type Ports,
} from './port.ts';

const NAMED_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
	if: ['true', 'false'],
	compareDatasets: ['In A only', 'Same', 'Different', 'In B only'],
	dynamicCredentialCheck: ['Ready', 'Not Ready'],
	filter: ['Kept'],
	removeDuplicates: ['Kept'],
};

/** Ports of n8n's own nodes that do not have one way in and one way out. */
export function basePorts(name: string, node: WorkflowNode): Ports | undefined {
	const { parameters, typeVersion } = node;
	const inputs = [main()];
	switch (name) {
		case 'if':
		case 'dynamicCredentialCheck':
		case 'filter':
			return { inputs, outputs: (NAMED_OUTPUTS[name] ?? []).map(main) };
		case 'removeDuplicates':
			return { inputs, outputs: [main(typeVersion >= 2 ? 'Kept' : '')] };
		case 'compareDatasets':
			return {
				inputs: [main('Input A'), main('Input B')],
				outputs: (NAMED_OUTPUTS[name] ?? []).map(main),
			};
		case 'splitInBatches':
			if (typeVersion < 2) return undefined;
			return { inputs, outputs: (typeVersion < 3 ? ['loop', 'done'] : ['done', 'loop']).map(main) };
		case 'merge': {
			const count = typeVersion < 3 ? 2 : countOf(parameters['numberInputs'], 2);
			return { inputs: numbered(count, (index) => main(`Input ${index + 1}`)), outputs: [main()] };
		}
		case 'switch':
			return { inputs, outputs: switchOutputs(parameters, typeVersion) };
		case 'webhook': {
			const byDefault = parameters['multipleMethods'] === true ? ['GET', 'POST'] : ['GET'];
			const methods = parameters['httpMethod'] ?? byDefault;
			const names = list(Array.isArray(methods) ? methods : [methods]);
			return { inputs: [], outputs: names.map((one) => main(label(one))) };
		}
		case 'respondToWebhook':
			if (
				typeVersion === 1.3 ||
				(typeVersion >= 1.4 && parameters['enableResponseOutput'] === true)
			)
				return { inputs, outputs: [main('Input Data'), main('Response')] };
			return undefined;
		case 'evaluation':
			return {
				inputs:
					parameters['operation'] === 'setMetrics' &&
					(typeVersion >= 4.7
						? ['correctness', 'helpfulness', undefined].includes(text(parameters['metric']))
						: ['correctness', 'helpfulness'].includes(text(parameters['metric']) ?? ''))
						? [main(), takes('languageModel', 'Model')]
						: inputs,
				outputs:
					parameters['operation'] === 'checkIfEvaluating'
						? [main('Evaluation'), main('Normal')]
						: [main()],
			};
		case 'respondWith':
		case 'stopAndError':
			return { inputs, outputs: [] };
		case 'stickyNote':
			return { inputs: [], outputs: [] };
		default:
			return undefined;
	}
}

function switchOutputs(parameters: JsonObject, typeVersion: number): Port[] {
	if (typeVersion < 2) return ['0', '1', '2', '3'].map(main);
	if (parameters['mode'] === 'expression') {
		const count = countOf(parameters[typeVersion < 3 ? 'outputsAmount' : 'numberOutputs'], 4);
		return numbered(count, (index) => main(String(index)));
	}
	if (parameters['rules'] === undefined) return typeVersion < 3 ? [] : [main('0')];
	const rules = list(object(parameters['rules'])[typeVersion < 3 ? 'rules' : 'values']);
	const outputs = rules.map((rule, index) => {
		const key = label(object(rule)['outputKey']);
		return main(key === '' ? String(index) : key);
	});
	const options = object(parameters['options']);
	if (typeVersion >= 3 && options['fallbackOutput'] === 'extra') {
		const name = label(options['renameFallbackOutput']);
		outputs.push(main(name === '' ? 'Fallback' : name));
	}
	return outputs;
}
