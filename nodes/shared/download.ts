import type {
	BinaryHelperFunctions,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { textOf } from './problem.ts';
import { callService } from './request.ts';
import type { Service, ServiceRequest } from './service.ts';

type ByteStream = Exclude<Parameters<BinaryHelperFunctions['prepareBinaryData']>[0], Buffer>;

function isStream(body: unknown): body is ByteStream {
	return typeof body === 'object' && body !== null && 'pipe' in body;
}

/** Streams the answer into n8n's binary storage; a video never lies in memory as a whole. */
export async function downloadItem(
	context: IExecuteFunctions,
	service: Service,
	call: { request: ServiceRequest; headers: IDataObject; itemIndex: number },
): Promise<INodeExecutionData> {
	const { request, headers, itemIndex } = call;
	const property = String(context.getNodeParameter('binaryPropertyName', itemIndex));
	const answer = await callService(context, service, request, { headers, itemIndex, stream: true });
	if (!isStream(answer.body)) {
		throw new NodeOperationError(context.getNode(), `${service.name} sent no file`, { itemIndex });
	}
	const type = textOf(answer.headers['content-type'])?.split(';')[0]?.trim();
	const named = /filename="?([^";]+)"?/i.exec(textOf(answer.headers['content-disposition']) ?? '');
	const file = await context.helpers.prepareBinaryData(answer.body, named?.[1], type);
	const json = {
		fileName: file.fileName ?? '',
		mimeType: file.mimeType,
		bytes: Number(answer.headers['content-length'] ?? file.bytes ?? 0),
	};
	return { json, binary: { [property]: file }, pairedItem: { item: itemIndex } };
}
