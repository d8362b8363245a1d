import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

const ADVICE: Readonly<Record<string, string>> = {
	'400': 'Check the values of the fields above.',
	'401':
		'Check the API key in the credential: it may be mistyped, expired or revoked. Create another one with "./autopilot keys create".',
	'403': 'The API key lacks a scope for this operation. Create a key with that scope.',
	'404': 'Check the ID: it may belong to another service, or the object was deleted.',
	'409':
		'The object is in another state than this operation needs, or the same command is still running. Read it again and retry.',
	'413': 'The request is too large. Send fewer or smaller items.',
	'415': 'The service does not accept this type of file.',
	'422': 'Correct the fields named above. Nothing was changed.',
	'429':
		'Too many requests: switch on "Retry On Fail" in the settings of the node, or send fewer items.',
};

const RETRY_ADVICE =
	'The service has a problem at the moment. Switch on "Retry On Fail" in the settings of the node: every command carries an idempotency key, so a retry never does the work twice.';

/** True for plain JSON objects, so that fields of a foreign body can be read safely. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a field of a foreign body, or undefined when it is absent or something else. */
export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function pointers(body: IDataObject): string[] {
	if (!Array.isArray(body.errors)) return [];
	return body.errors
		.filter(isObject)
		.map(({ pointer, detail }) => `${textOf(pointer) ?? '/'}: ${textOf(detail) ?? 'not valid'}`);
}

/** What the service said about a refused request, and what to do about it. */
export interface RefusedRequest {
	service: string;
	status: number;
	/** RFC 9457 body `{title, detail, code, errors, correlationId}`, or anything else. */
	body: unknown;
	itemIndex?: number;
}

/** Turns a refusal of a service into the error the editor shows: what, where and what to do. */
export function problemError(node: INode, refused: RefusedRequest): NodeApiError {
	const { status, service } = refused;
	const body = isObject(refused.body) ? refused.body : {};
	const title = textOf(body.title) ?? 'Request refused';
	const code = textOf(body.code);
	const said = textOf(body.detail) ?? textOf(body.message) ?? title;
	const description = [
		...pointers(body),
		ADVICE[String(status)] ?? (status >= 500 ? RETRY_ADVICE : undefined),
		`${status} ${title}${code ? `, ${code}` : ''}`,
		textOf(body.correlationId) && `Correlation ID: ${textOf(body.correlationId)}`,
	]
		.filter((line) => line !== undefined && line !== '')
		.join('\n');
	const response: JsonObject = { message: said, code: code ?? null };
	return new NodeApiError(node, response, {
		message: `${service}: ${said}`,
		description,
		httpCode: String(status),
		...(refused.itemIndex === undefined ? {} : { itemIndex: refused.itemIndex }),
	});
}

/** The service did not answer at all: refused, timed out, name not found. */
export function unreachableError(
	node: INode,
	at: { service: string; baseUrl: string; itemIndex?: number },
	cause: unknown,
): NodeApiError {
	const reason = cause instanceof Error ? cause.message : String(cause);
	return new NodeApiError(
		node,
		{ message: reason },
		{
			message: `${at.service} could not be reached`,
			description: `${reason}\nCheck that the service runs at ${at.baseUrl} ("./autopilot status") and that the base URL in the credential can be reached from n8n. ${RETRY_ADVICE}`,
			...(at.itemIndex === undefined ? {} : { itemIndex: at.itemIndex }),
		},
	);
}

/** Error item: only these keys let n8n route it to the error output of the node. */
export function errorItem(
	error: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	const details = {
		description: error.description ?? '',
		httpCode: error instanceof NodeApiError ? error.httpCode : null,
	};
	return { json: { error: error.message, details }, pairedItem: { item: itemIndex } };
}

/** What an item failed with, as an error that n8n shows with the node and the item. */
export function nodeErrorOf(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const cause = error instanceof Error ? error : String(error);
	return new NodeOperationError(context.getNode(), cause, { itemIndex });
}
