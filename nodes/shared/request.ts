import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { jsonParse, NodeOperationError } from 'n8n-workflow';

import { isObject, problemError, unreachableError } from './problem.ts';
import type { ServiceAccess, ServiceFile, ServiceRequest } from './service.ts';

/** Every place of a node from which a service is called. */
export type ServiceCaller =
	IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** A service's answer of status 2xx (or one that is accepted); the body is a stream when a file was asked for. */
export interface ServiceAnswer {
	status: number;
	headers: IDataObject;
	body: unknown;
}

interface CallOptions {
	/** `idempotency-key` and `x-correlation-id`. */
	headers?: IDataObject;
	itemIndex?: number;
	/** Ask for a stream instead of JSON. */
	stream?: true;
	/** A status that is an answer here and no error, e.g. 404 where a thing may be gone. */
	accept?: number;
}

const JSON_TIME_LIMIT = 60_000;
const FILE_TIME_LIMIT = 600_000;

function isFile(body: IDataObject | ServiceFile): body is ServiceFile {
	return Buffer.isBuffer(body.bytes);
}

/** n8n's own encoding leaves out a body that is `{}`, which a service takes for no body at all. */
function encode(body: ServiceRequest['body']): { contentType?: string; body?: Buffer | string } {
	if (body === undefined) return {};
	if (isFile(body)) return { contentType: body.mimeType, body: body.bytes };
	return { contentType: 'application/json', body: JSON.stringify(body) };
}

async function baseUrlOf(caller: ServiceCaller, service: ServiceAccess): Promise<string> {
	const { baseUrl } = await caller.getCredentials(service.credential);
	if (typeof baseUrl !== 'string' || !/^https?:\/\//.test(baseUrl)) {
		throw new NodeOperationError(caller.getNode(), `${service.name}: the base URL is not valid`, {
			description: 'Set it in the credential, e.g. http://127.0.0.1:4001',
		});
	}
	return baseUrl.replace(/\/+$/, '');
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** An error body arrives as a stream when a file was asked for. */
async function readProblem(body: unknown): Promise<unknown> {
	if (!isStream(body)) return body;
	const chunks: Uint8Array[] = [];
	for await (const chunk of body) chunks.push(chunk);
	return jsonParse(Buffer.concat(chunks).toString('utf8'), { fallbackValue: {} });
}

/**
 * Calls a service with the node's credential. Throws a NodeApiError that carries the service's
 * problem and advice when the answer is not 2xx or there is none.
 */
export async function callService(
	caller: ServiceCaller,
	service: ServiceAccess,
	request: ServiceRequest,
	{ headers = {}, itemIndex, stream, accept }: CallOptions = {},
): Promise<ServiceAnswer> {
	const baseUrl = await baseUrlOf(caller, service);
	const { contentType, body } = encode(request.body);
	const options: IHttpRequestOptions = {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: { ...headers, ...(contentType && { 'content-type': contentType }) },
		qs: request.query ?? {},
		arrayFormat: 'comma',
		...(body === undefined ? {} : { body }),
		...(stream ? { encoding: 'stream' } : {}),
		timeout: stream || Buffer.isBuffer(body) ? FILE_TIME_LIMIT : JSON_TIME_LIMIT,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	};
	const at = itemIndex === undefined ? {} : { itemIndex };
	let answer: { statusCode: number; headers: IDataObject; body: unknown };
	try {
		answer = await caller.helpers.httpRequestWithAuthentication.call(
			caller,
			service.credential,
			options,
		);
	} catch (error) {
		throw unreachableError(caller.getNode(), { service: service.name, baseUrl, ...at }, error);
	}
	const success = answer.statusCode >= 200 && answer.statusCode < 300;
	if (!success && answer.statusCode !== accept) {
		throw problemError(caller.getNode(), {
			service: service.name,
			status: answer.statusCode,
			body: await readProblem(answer.body),
			...at,
		});
	}
	return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

/** Reads one object; an answer that is no JSON object comes back as `{}`. */
export async function getObject(
	caller: ServiceCaller,
	service: ServiceAccess,
	path: string,
	options: CallOptions = {},
): Promise<IDataObject> {
	const { body } = await callService(caller, service, { method: 'GET', path }, options);
	return isObject(body) ? body : {};
}
