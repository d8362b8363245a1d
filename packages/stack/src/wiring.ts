import { createHmac } from 'node:crypto';
import type { StackEnvironment } from './config.ts';
import type { Layout } from './layout.ts';
import type { Secrets } from './secrets.ts';
import { services, type DatabaseName, type ServiceName } from './services.ts';

/** Who answers where: the stack's own components, or what the operator put in their place. */
export interface Wiring {
	/** A server URL with this database's name as its path. */
	databaseUrl(name: DatabaseName | 'postgres'): string;
	/** Each service has a logical database of its own, so that equal queue names never meet. */
	redisUrl(service: ServiceName): string;
	smtpUrl: string;
	services: Record<ServiceName, { url: string; apiKey: string }>;
	n8nUrl: string;
	inboxUrl: string | undefined;
	sampleWorldUrl: string;
	/** The stand-in for Stripe and Razorpay; undefined when the operator has a key of their own. */
	payments: PaymentSandbox | undefined;
	/** Components that are not started because something else stands in for them, with the variable that says so. */
	replaced: Map<string, string>;
	/** What private-network checks of the services let through: n8n, the sample world, and the operator's own list. */
	egressAllow: string;
}

export interface PaymentSandbox {
	url: string;
	stripeSecretKey: string;
	stripeWebhookSecret: string;
}

export function wire(layout: Layout, environment: StackEnvironment, secrets: Secrets): Wiring {
	const { settings } = environment;
	const { ports } = layout;
	const replaced = new Map<string, string>();
	const local = (port: number) => `http://127.0.0.1:${port}`;
	const instead = (
		variable: keyof typeof settings,
		components: string[],
		builtIn: string,
	): string => {
		const given = settings[variable];
		if (given === undefined) return builtIn;
		for (const component of components) replaced.set(component, variable);
		return given.replace(/\/$/, '');
	};

	const database = instead(
		'DATABASE_URL',
		['postgres'],
		`postgres://autopilot:${secrets.postgresPassword}@127.0.0.1:${ports.postgres}`,
	);
	const redis = instead(
		'REDIS_URL',
		['redis'],
		`redis://:${secrets.redisPassword}@127.0.0.1:${ports.redis}`,
	);
	const service = (name: ServiceName, variable: ServiceVariable) => ({
		url: instead(`${variable}_URL`, [name, `${name}-worker`], local(ports[name])),
		apiKey: settings[`${variable}_API_KEY`] ?? secrets.apiKeys[name],
	});
	const n8nUrl = instead('N8N_URL', ['n8n'], local(ports.n8n));
	if (settings.STRIPE_SECRET_KEY !== undefined) {
		replaced.set('payment-sandbox', 'STRIPE_SECRET_KEY');
	}
	const sampleWorldUrl = instead('SAMPLE_WORLD_URL', ['sample-world'], local(ports.sampleWorld));
	return {
		databaseUrl: (name) => withPath(database, name),
		redisUrl: (name) => withLogicalDatabase(redis, name),
		smtpUrl: instead('SMTP_URL', ['mail'], `smtp://127.0.0.1:${ports.smtp}`),
		services: {
			store: service('store', 'STORE'),
			'marketing-suite': service('marketing-suite', 'MARKETING_SUITE'),
			'video-factory': service('video-factory', 'VIDEO_FACTORY'),
			'research-bot': service('research-bot', 'RESEARCH_BOT'),
		},
		n8nUrl,
		inboxUrl: replaced.has('mail') ? undefined : local(ports.inbox),
		sampleWorldUrl,
		payments: replaced.has('payment-sandbox')
			? undefined
			: {
					url: local(ports.paymentSandbox),
					stripeSecretKey: `sk_test_${derived(secrets, 'stripe secret key')}`,
					stripeWebhookSecret: `whsec_${derived(secrets, 'stripe webhook secret')}`,
				},
		replaced,
		egressAllow: [hostOf(n8nUrl), hostOf(sampleWorldUrl), settings.EGRESS_ALLOW ?? []]
			.flat()
			.join(','),
	};
}

/** Keys of the sandbox open nothing worth a place among the secrets: they follow from the store's. */
function derived(secrets: Secrets, purpose: string): string {
	return createHmac('sha256', secrets.signingSecrets.store).update(purpose).digest('hex');
}

type ServiceVariable = 'STORE' | 'MARKETING_SUITE' | 'VIDEO_FACTORY' | 'RESEARCH_BOT';

function withPath(serverUrl: string, name: string): string {
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	return url.toString();
}

function withLogicalDatabase(redisUrl: string, name: ServiceName): string {
	const url = new URL(redisUrl);
	// An operator who names a database means it: clusters have only one.
	if (url.pathname.length > 1) return redisUrl;
	url.pathname = `/${services.findIndex((service) => service.name === name) + 1}`;
	return url.toString();
}

function hostOf(url: string): string {
	const { hostname, port, protocol } = new URL(url);
	return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}

/** Addresses of a stack for people and scripts; the inbox is missing when real mail is sent (SMTP_URL). */
export interface StackUrls {
	store: string;
	marketing: string;
	video: string;
	research: string;
	n8n: string;
	sampleWorld: string;
	smtp: string;
	inbox?: string;
	/** The payment sandbox, unless payments go to a Stripe account (STRIPE_SECRET_KEY). */
	payments?: string;
}

export function urlsOf(wiring: Wiring): StackUrls {
	return {
		store: wiring.services.store.url,
		marketing: wiring.services['marketing-suite'].url,
		video: wiring.services['video-factory'].url,
		research: wiring.services['research-bot'].url,
		n8n: wiring.n8nUrl,
		sampleWorld: wiring.sampleWorldUrl,
		smtp: wiring.smtpUrl,
		...(wiring.inboxUrl === undefined ? {} : { inbox: wiring.inboxUrl }),
		...(wiring.payments === undefined ? {} : { payments: wiring.payments.url }),
	};
}
