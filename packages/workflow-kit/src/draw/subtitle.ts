import { isObject, type Json } from '../model/json.ts';
import type { WorkflowNode } from '../model/model.ts';
import { cleanLine } from './text.ts';

const MAX_SUBTITLE = 200;

/**
 * The small grey line under a node's name: its note when it is shown in the flow, else what it does.
 * Only what the file says is shown: which operation is n8n's default for a node, only n8n knows.
 */
export function subtitleOf(node: WorkflowNode): string {
	const { parameters, source, type } = node;
	if (source['notesInFlow'] === true && node.notes !== undefined) return line(node.notes);
	const kind = type.slice(type.lastIndexOf('.') + 1);
	switch (kind) {
		case 'httpRequest':
		case 'httpRequestTool': {
			const url = text(parameters['url']);
			return url === ''
				? ''
				: line(
						`${text(parameters['method']) || text(parameters['requestMethod']) || 'GET'}: ${url}`,
					);
		}
		case 'set':
			if (node.typeVersion < 3) return '';
			return text(parameters['mode']) || 'manual';
		case 'merge':
			return text(parameters['mode']) || 'append';
		case 'switch':
			if (node.typeVersion < 2) return '';
			return `mode: ${text(parameters['mode']) === 'expression' ? 'Expression' : 'Rules'}`;
		default:
	}
	const operation = text(parameters['operation']);
	const resource = text(parameters['resource']);
	if (operation === '') return '';
	return line(resource === '' ? operation : `${operation}: ${resource}`);
}

function text(value: Json | undefined): string {
	if (value !== undefined && isObject(value)) return text(value['value']);
	return typeof value === 'string' ? value : '';
}

/** An expression shows its text without the sign that makes it one. */
function line(value: string): string {
	return cleanLine(value.startsWith('=') ? value.slice(1) : value, MAX_SUBTITLE);
}
