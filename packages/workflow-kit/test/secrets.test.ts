import { describe, expect, it } from '@jest/globals';
import { parse, redact, scan, type JsonObject } from '../src/index.ts';
import { node, PLACES, tokens } from './planted.ts';
import { loadTemplates } from './templates.ts';

const HTTP = 'n8n-nodes-base.httpRequest';

describe('planted secrets', () => {
	const missed: string[] = [];
	const shown: string[] = [];
	const kept: string[] = [];
	const all = [1, 2, 3].flatMap(tokens);
	for (const { kind, token } of all)
		for (const [place, plant] of Object.entries(PLACES)) {
			const workflow = plant(token);
			const findings = scan(workflow);
			if (findings.length === 0) missed.push(`${kind} in ${place}`);
			if (JSON.stringify(findings).includes(token.slice(8, 24))) shown.push(`${kind} in ${place}`);
			const redacted = redact(workflow).text ?? token;
			if (redacted.includes(token.slice(8, 24)) || scan(redacted).length > 0)
				kept.push(`${kind} in ${place}`);
		}

	it('are found: 24 kinds in 10 places, three of each', () => {
		expect(all.length * Object.keys(PLACES).length).toBe(720);
		expect(missed).toEqual([]);
	});

	it('are not repeated in findings', () => {
		expect(shown).toEqual([]);
	});

	it('are gone after redaction, and a second scan finds nothing', () => {
		expect(kept).toEqual([]);
	});
});

describe('secrets that only their name betrays', () => {
	const value = ['q7Rk2', 'mZt9W', 'x4Lp8', 'Vb3Nc'].join('');
	const found = (parameters: JsonObject) => scan(node(HTTP, parameters)).map(({ code }) => code);

	it.each([
		['a header', { headerParameters: { parameters: [{ name: 'x-api-key', value }] } }],
		['a query parameter', { queryParameters: { parameters: [{ name: 'key', value }] } }],
		['the query of a URL', { url: `https://api.example.com/?token=${value}` }],
		['JSON in a text', { jsonBody: JSON.stringify({ client_secret: value }) }],
		['a header in JSON', { jsonHeaders: `{"Authorization": "Bearer ${value}"}` }],
		['a curl command', { command: `curl -H 'Authorization: Bearer ${value}' https://x.example` }],
		['code', { jsCode: `const apiKey = '${value}';` }],
		['an environment file', { content: `API_KEY=${value}\nPORT=80` }],
		['prose', { content: `The **API Key**: ${value}.` }],
		['the literal part of an expression', { token: `={{ $json.prefix }}${value}` }],
		['a password of a database', { url: `postgres://app:${value}@db.example.com/shop` }],
	])('%s', (_, parameters) => {
		expect(found(parameters)).toHaveLength(1);
	});

	it('a Basic login is decoded', () => {
		const login = Buffer.from(`shop:${value}`).toString('base64');
		expect(
			found({ headerParameters: { parameters: [{ name: 'h', value: `Basic ${login}` }] } }),
		).toEqual(['secret-basic']);
	});

	it.each([
		'YOUR_API_KEY',
		'<token>',
		'{{ $json.token }}',
		'xxxxxxxxxxxxxxxxxxxx',
		'sk-...',
		'$API_TOKEN',
		'1234567890123456',
		'={{ $credentials.apiKey }}',
		'={{ $json.user1.token }}',
		'api_key_here',
	])('%s is a placeholder', (placeholder) => {
		expect(
			found({ headerParameters: { parameters: [{ name: 'x-api-key', value: placeholder }] } }),
		).toEqual([]);
	});

	it('page tokens, hashes and ids are none', () => {
		expect(found({ nextPageToken: value, documentId: value, sha256: value })).toEqual([]);
	});
});

describe('redact', () => {
	const secret = ['q7Rk2', 'mZt9W', 'x4Lp8', 'Vb3Nc'].join('');

	it('lets an HTTP request ask for a credential instead of carrying its key', () => {
		const workflow = node(HTTP, {
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'x-api-key', value: secret }] },
		});
		const { document, credentials } = redact(workflow);
		expect(credentials).toEqual([{ node: 'Node', type: 'httpHeaderAuth', name: 'x-api-key' }]);
		const changed = parse(document).workflows[0]?.nodes[0];
		expect(changed?.parameters).toMatchObject({
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			sendHeaders: false,
		});
		expect(changed?.credentials).toMatchObject([{ type: 'httpHeaderAuth', name: 'x-api-key' }]);
	});

	it('gives one secret one name and two secrets two', () => {
		const other = secret.split('').reverse().join('');
		const { text, placeholders } = redact(
			node('n8n-nodes-base.code', {
				jsCode: `const apiKey = '${secret}';\nconst again = {apiKey: '${secret}'};\nconst b = {apiKey: '${other}'};`,
			}),
		);
		expect(placeholders.map(({ placeholder }) => placeholder)).toEqual([
			'YOUR_APIKEY',
			'YOUR_APIKEY',
			'YOUR_APIKEY_2',
		]);
		expect(text).toContain("const again = {apiKey: 'YOUR_APIKEY'}");
	});

	it('renames a node whose name holds a secret, with all that refers to it', () => {
		const [github] = tokens(4).filter(({ kind }) => kind === 'GitHub classic');
		const name = `Push ${github?.token ?? ''}`;
		const workflow = JSON.stringify(
			node(HTTP, { url: `={{ $('${name}').item.json.url }}` }),
		).replaceAll('"Node"', JSON.stringify(name));
		const [clean] = parse(redact(workflow).text).workflows;
		expect(clean?.nodes[0]?.name).toBe('Push YOUR_GITHUB_TOKEN');
		expect(clean?.edges[0]?.source).toBe('Push YOUR_GITHUB_TOKEN');
		expect(clean?.nodes[0]?.parameters['url']).toBe(
			"={{ $('Push YOUR_GITHUB_TOKEN').item.json.url }}",
		);
	});

	it('takes out owner, instance, run data and ids of credentials, also where they are repeated', () => {
		const [workflow] = [node(HTTP, { note: 'ask jane@shop.example' })];
		const { text } = redact({
			...workflow,
			shared: [{ project: { name: 'Jane <jane@shop.example>' } }],
			meta: { instanceId: 'f'.repeat(10) + 'a1'.repeat(27), templateId: '7' },
			pinData: { Node: [{ json: { private: 1 } }] },
			staticData: { last: 'run' },
		});
		expect(text).not.toMatch(/jane@|instanceId|a1a1|private|last/);
		expect(text).toContain('"templateId": "7"');
		expect(text).toContain('ask owner@example.com');
	});

	it('says why when it cannot read', () => {
		expect(redact('{')).toMatchObject({ text: undefined, findings: [{ code: 'json-syntax' }] });
	});
});

describe('the published templates', () => {
	it('hold no secret, owner or instance id after redaction, and the same graph', async () => {
		const faults: string[] = [];
		for (const { id, text } of await loadTemplates()) {
			const clean = redact(text).text ?? '';
			if (scan(clean).length > 0) faults.push(`${id}: secrets`);
			if (/"(shared|instanceId|pinData|cachedResultName)":/.test(clean))
				faults.push(`${id}: owner data`);
			const instanceId = /"instanceId":"([0-9a-f]{32,})"/.exec(text)?.[1];
			if (instanceId !== undefined && clean.includes(instanceId)) faults.push(`${id}: instance`);
			for (const [, email] of text.matchAll(/"email":"([^"@]{1,64}@[^"]{1,100})","disabled"/g))
				if (email !== undefined && clean.includes(email)) faults.push(`${id}: owner's e-mail`);
			if (graphOf(text) !== graphOf(clean)) faults.push(`${id}: graph`);
		}
		expect(faults).toEqual([]);
	});

	it('hold few secrets: false alarms would show here', async () => {
		const templates = await loadTemplates();
		const alarmed = templates.filter(({ text }) => scan(text).length > 0);
		expect(alarmed.length).toBeLessThan(30);
		expect(alarmed.length).toBeGreaterThan(15);
	});
});

function graphOf(text: string): string {
	const [workflow] = parse(text).workflows;
	const nodes = workflow?.nodes.map(({ id, name, type, typeVersion, position }) => [
		id,
		name,
		type,
		typeVersion,
		position,
	]);
	const edges = workflow?.edges
		.map(({ pointer: _pointer, ...edge }) => JSON.stringify(edge))
		.sort();
	return JSON.stringify([nodes, edges]);
}
