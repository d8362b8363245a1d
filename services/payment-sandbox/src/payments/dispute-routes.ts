import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import type { StripeRoutes } from '../wire/endpoint.ts';
import { listOf } from '../wire/includable.ts';
import { flag, listing, metadata, text } from '../wire/parameters.ts';
import { closeDispute, submitEvidence } from './disputes.ts';

/** `/v1/disputes`: list, fetch, answer with evidence, give in. */
export function disputeRoutes(v1: StripeRoutes, sandbox: Sandbox): void {
	const { state } = sandbox;
	const base = '/v1/disputes';
	v1.get(
		base,
		z.strictObject({ ...listing, charge: text.optional(), payment_intent: text.optional() }),
		({ parameters: { charge, payment_intent, ...paging } }) =>
			listOf(base, state.list('dispute', paging, { charge, payment_intent })),
	);
	v1.get(`${base}/:id`, z.strictObject({}), ({ id }) => state.require('dispute', id));
	v1.post(
		`${base}/:id`,
		z.strictObject({
			evidence: z.record(z.string(), z.string().max(20_000)).optional(),
			metadata: metadata.optional(),
			submit: flag.optional(),
		}),
		({ id, parameters }) => submitEvidence(sandbox, state.require('dispute', id), parameters),
	);
	v1.post(`${base}/:id/close`, z.strictObject({}), ({ id }) =>
		closeDispute(sandbox, state.require('dispute', id), 'lost'),
	);
}
