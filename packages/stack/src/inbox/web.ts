import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Mails } from './mails.ts';
import { listPage, mailPage } from './pages.ts';

interface Answer {
	status: number;
	type: string;
	body: string | Buffer;
	headers?: Record<string, string>;
}

/** A mail is a stranger's page: no scripts, no forms, no frames, and an origin of its own. Images may load, as they would at the reader's. */
const MAIL_POLICY =
	"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline' *; font-src *";

/**
 * The web inbox: pages for people, and for scripts
 * `GET /api/mails?to=&subject=`, `GET /api/mails/{id}`, `GET /api/mails/{id}/raw`, `DELETE /api/mails`.
 */
export function createWebServer(mails: Mails): Server {
	return createServer((request, response) => {
		answer(request, mails).then(
			(found) => send(response, found),
			(error: unknown) => {
				console.error(error);
				send(response, { status: 500, type: 'text/plain', body: 'The inbox failed; see its log.' });
			},
		);
	});
}

async function answer(request: IncomingMessage, mails: Mails): Promise<Answer> {
	const url = new URL(request.url ?? '/', 'http://inbox');
	const filter = {
		to: url.searchParams.get('to') ?? '',
		subject: url.searchParams.get('subject') ?? '',
	};
	if (request.method === 'DELETE' && url.pathname === '/api/mails') {
		await mails.clear();
		return { status: 204, type: 'text/plain', body: '' };
	}
	if (request.method !== 'GET') {
		return { status: 405, type: 'text/plain', body: 'GET, or DELETE /api/mails.' };
	}
	if (url.pathname === '/') return html(listPage(mails.list(filter), filter));
	if (url.pathname === '/healthz') return json({ status: 'ok' });
	if (url.pathname === '/api/mails') return json({ data: mails.list(filter) });
	const path = /^\/(api\/)?mails\/([0-9a-f-]{36})(?:\/(raw|html))?$/.exec(url.pathname);
	return (path && (await answerMail(mails, path))) ?? notFound;
}

async function answerMail(
	mails: Mails,
	[, api, id = '', part]: RegExpExecArray,
): Promise<Answer | undefined> {
	if (part === 'raw') {
		const body = await mails.raw(id);
		return body && { status: 200, type: 'text/plain; charset=utf-8', body };
	}
	const mail = await mails.get(id);
	if (mail === undefined) return undefined;
	if (part === 'html') {
		return { ...html(mail.html ?? ''), headers: { 'content-security-policy': MAIL_POLICY } };
	}
	return api === undefined ? html(mailPage(mail)) : json(mail);
}

const notFound: Answer = { status: 404, type: 'text/plain', body: 'No such mail or page.' };

function json(value: unknown): Answer {
	return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

function html(body: string): Answer {
	return { status: 200, type: 'text/html; charset=utf-8', body };
}

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
	response.writeHead(status, {
		'content-type': type,
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		...headers,
	});
	response.end(body);
}
