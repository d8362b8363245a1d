import type { Json, JsonObject } from '../src/index.ts';
import { pick, seeded } from './random.ts';

const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE32 = `${UPPER}234567`;
const WORD = `${UPPER}${UPPER.toLowerCase()}${DIGITS}`;

/** Tokens of 24 providers, made up as the run goes: the repository holds nothing that looks like one. */
export function tokens(seed: number): { kind: string; token: string }[] {
	const random = seeded(seed);
	const some = (length: number, alphabet = WORD) =>
		Array.from({ length }, () => pick(random, alphabet)).join('');
	const join = (...parts: string[]) => parts.join('');
	const base64 = (text: string) => Buffer.from(text).toString('base64url');
	const uuid = [8, 4, 4, 4, 12].map((length) => some(length, HEX)).join('-');
	const body = Array.from({ length: 8 }, () => some(64, `${WORD}+/`)).join('\n');
	const pem = (edge: string) => join('-----', edge, ' PRIVATE', ' KEY', '-----');
	const claims = JSON.stringify({ iss: some(10), exp: 2_000_000_000, jti: some(16) });
	return Object.entries({
		'GitHub fine-grained': join('github', '_pat_', some(22), '_', some(59)),
		'GitHub classic': join('gh', 'p_', some(36)),
		GitLab: join('gl', 'pat-', some(20)),
		'AWS key id': join('AK', 'IA', some(16, BASE32)),
		'Google API': join('AI', 'za', some(35)),
		'Google OAuth': join('GOC', 'SPX-', some(28)),
		Slack: join('xo', 'xb-', some(12, DIGITS), '-', some(13, DIGITS), '-', some(24)),
		Stripe: join('sk', '_live_', some(24)),
		'Stripe restricted': join('rk', '_live_', some(24)),
		OpenAI: join('sk', '-proj-', some(48)),
		Anthropic: join('sk', '-ant-', 'api03-', some(93), 'AA'),
		SendGrid: join('S', 'G.', some(22), '.', some(43)),
		Twilio: join('S', 'K', some(32, HEX)),
		Telegram: join('1', some(9, DIGITS), ':', 'AA', some(33)),
		Airtable: join('pa', 't', some(14), '.', some(64, HEX)),
		HubSpot: join('pa', 't-na1-', uuid),
		Perplexity: join('pp', 'lx-', some(48)),
		Brevo: join('xkey', 'sib-', some(64, HEX), '-', some(16)),
		Resend: join('r', 'e_', some(8), '_', some(24)),
		Mailgun: join('ke', 'y-', some(32, HEX)),
		npm: join('np', 'm_', some(36)),
		JWT: join(base64('{"alg":"HS256","typ":"JWT"}'), '.', base64(claims), '.', some(43)),
		'private key': join(pem('BEGIN'), '\n', body, '\n', pem('END')),
		Discord: join(
			base64(join('1', some(17, DIGITS))).replace(/^M?/, 'M'),
			'.',
			some(6),
			'.',
			some(38),
		),
	}).map(([kind, token]) => ({ kind, token }));
}

/** The places of a workflow where people leave them. */
export const PLACES: Record<string, (token: string) => JsonObject> = {
	'plain header': (token) => http({ headerParameters: fields('X-Service', token) }),
	'inside an expression': (token) =>
		http({ headerParameters: fields('X-Service', `=Bearer ${token}{{ $json.suffix }}`) }),
	'Code node': (token) =>
		node('n8n-nodes-base.code', {
			jsCode: `const client = connect(${JSON.stringify(token)});\nreturn client.all();`,
		}),
	'sticky note': (token) =>
		node('n8n-nodes-base.stickyNote', { content: `## Set up\nUse **${token}** for now.` }),
	'pinned data': (token) => ({
		...node('n8n-nodes-base.noOp', {}),
		pinData: { Node: [{ json: { config: { value: token } } }] },
	}),
	URL: (token) => http({ url: `https://api.example.com/v1/${encodeURIComponent(token)}/send?x=1` }),
	Basic: (token) =>
		http({
			headerParameters: fields(
				'Authorization',
				`Basic ${Buffer.from(`${token}:`).toString('base64')}`,
			),
		}),
	'cached value': (token) =>
		node('n8n-nodes-base.slack', {
			channel: { __rl: true, mode: 'list', value: 'general', cachedResultName: `general ${token}` },
		}),
	query: (token) => http({ queryParameters: fields('q', token) }),
	body: (token) => http({ jsonBody: JSON.stringify({ auth: { value: token } }, null, 2) }),
};

function http(parameters: JsonObject): JsonObject {
	return node('n8n-nodes-base.httpRequest', { url: 'https://api.example.com', ...parameters });
}

function fields(name: string, value: string): Json {
	return { parameters: [{ name, value }] };
}

export function node(type: string, parameters: JsonObject): JsonObject {
	return {
		name: 'Planted',
		nodes: [
			{ id: '1', name: 'Node', type, typeVersion: 4.2, position: [0, 0], parameters },
			{
				...{ id: '2', name: 'Next', type: 'n8n-nodes-base.noOp', typeVersion: 1 },
				...{ position: [200, 0], parameters: {} },
			},
		],
		connections: { Node: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
		settings: {},
	};
}
