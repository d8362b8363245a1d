import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const CORRELATION_ID = /^[\w.:@/-]{1,128}$/;

/**
 * The id that ties a request to the process that caused it: `x-correlation-id` when the caller names one,
 * else the trace id of `traceparent` (W3C), else a new one. It is the request's id in logs, events and jobs.
 */
export function correlationIdOf(headers: IncomingHttpHeaders): string {
	const named = headers['x-correlation-id'];
	if (typeof named === 'string' && CORRELATION_ID.test(named)) return named;
	const traced = TRACEPARENT.exec(String(headers.traceparent ?? ''))?.[1];
	return traced ?? randomUUID();
}
