import { randomBytes } from 'node:crypto';
import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';

/** Where events are sent to; `*` stands for all types. */
export interface WebhookEndpoint {
	id: string;
	object: 'webhook_endpoint';
	api_version: string | null;
	application: null;
	created: number;
	description: string | null;
	enabled_events: string[];
	livemode: false;
	metadata: Record<string, string>;
	/** Given out once, at creation. */
	secret: string;
	status: 'enabled' | 'disabled';
	url: string;
}

/** The endpoint that the environment names; it follows the environment at each start. */
export const CONFIGURED_ENDPOINT = 'we_configured';

/** Makes, changes or removes the endpoint that the environment names. */
export function configureEndpoint(sandbox: Sandbox): void {
	const { config, state } = sandbox;
	if (config.STRIPE_WEBHOOK_URL === undefined || config.STRIPE_WEBHOOK_SECRET === undefined) {
		return state.remove(CONFIGURED_ENDPOINT);
	}
	state.put({
		...endpoint(sandbox, {
			url: config.STRIPE_WEBHOOK_URL,
			enabled_events: config.STRIPE_WEBHOOK_EVENTS,
		}),
		id: CONFIGURED_ENDPOINT,
		description: 'from the environment',
		secret: config.STRIPE_WEBHOOK_SECRET,
	});
}

/** A further endpoint, made by the API. */
export function createEndpoint(
	sandbox: Sandbox,
	given: {
		url: string;
		enabled_events: string[];
		description?: string | null | undefined;
		metadata?: Record<string, string> | undefined;
		api_version?: string | undefined;
	},
): WebhookEndpoint {
	const made = endpoint(sandbox, given);
	save(sandbox, made);
	return made;
}

function endpoint(sandbox: Sandbox, given: Parameters<typeof createEndpoint>[1]): WebhookEndpoint {
	return {
		id: newId('we'),
		object: 'webhook_endpoint',
		api_version: given.api_version ?? null,
		application: null,
		created: nowOf(sandbox),
		description: given.description ?? null,
		enabled_events: given.enabled_events,
		livemode: false,
		metadata: given.metadata ?? {},
		secret: `whsec_${randomBytes(24).toString('base64url')}`,
		status: 'enabled',
		url: given.url,
	};
}

/** An endpoint as every answer but the first shows it. */
export function withoutSecret(endpoint: WebhookEndpoint): Omit<WebhookEndpoint, 'secret'> {
	const { secret: _secret, ...rest } = endpoint;
	return rest;
}
