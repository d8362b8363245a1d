import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { textOf } from './problem.ts';
import type { SignedMessage } from './signature.ts';

/** The signed message a service has delivered, as it came over the wire. */
export function deliveryOf(context: IWebhookFunctions): SignedMessage {
	const { headers, rawBody } = context.getRequestObject();
	return {
		id: textOf(headers['webhook-id']),
		timestamp: textOf(headers['webhook-timestamp']),
		signature: textOf(headers['webhook-signature']),
		body: Buffer.isBuffer(rawBody) ? rawBody : Buffer.from(JSON.stringify(context.getBodyData())),
	};
}

/** Answers a delivery without starting or waking an execution. */
export function answerOnly(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
