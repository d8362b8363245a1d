import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from '@autopilot/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { field, type Form, formOf } from './forms.ts';

/** A browser, known by two cookies: a random session for forms, and its cart. */
export interface Visitor {
	session: string;
	cartId: string | undefined;
}

const YEAR_SECONDS = 31_536_000;
const SESSION = /^[A-Za-z0-9_-]{22}$/;
const CLICK_DAYS = 30;
// Of mails these are UUIDs; campaigns of others may be words.
const CLICK = /^[\w.-]{1,100}~[\w.-]{0,100}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Sessions and their form tokens. A form carries a keyed hash of the session cookie: another site can make a browser
 * send a form, but neither read the cookie (HttpOnly) nor know the hash, and SameSite=Lax keeps the cookie back.
 */
export function visitors(options: { signingSecret: string; publicUrl: string }) {
	const secure = options.publicUrl.startsWith('https:') ? '; Secure' : '';
	const setCookie = (reply: FastifyReply, name: string, value: string, maxAge: number) =>
		reply.header(
			'set-cookie',
			`${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`,
		);
	const tokenOf = (session: string) =>
		createHmac('sha256', options.signingSecret).update(`form-token/${session}`).digest('base64url');
	return {
		/** Who is asking; a new browser gets its session cookie with this answer. */
		meet(request: FastifyRequest, reply: FastifyReply): Visitor {
			const cookies = cookiesOf(request);
			const click = clickInLink(request);
			if (click !== undefined) setCookie(reply, 'click', click, CLICK_DAYS * 86_400);
			const cart = cookies.get('cart');
			const cartId = cart !== undefined && UUID.test(cart) ? cart : undefined;
			const known = cookies.get('session');
			if (known !== undefined && SESSION.test(known)) return { session: known, cartId };
			const session = randomBytes(16).toString('base64url');
			setCookie(reply, 'session', session, YEAR_SECONDS);
			return { session, cartId };
		},
		/** The mail and the campaign that led here, by the last link of one that was clicked. */
		clickOf(request: FastifyRequest): { clickId?: string; campaignId?: string } {
			const click = cookiesOf(request).get('click') ?? '';
			const [clickId, campaignId] = CLICK.test(click) ? click.split('~') : [];
			if (clickId === undefined) return {};
			return { clickId, ...(campaignId ? { campaignId } : {}) };
		},
		formToken: ({ session }: Visitor) => tokenOf(session),
		/** What was posted. @throws {Problem} 403 for a form that did not come from a page of ours */
		checkedForm(request: FastifyRequest): Form {
			const form = formOf(request.body);
			const given = field(form, 'token');
			const session = cookiesOf(request).get('session') ?? '';
			const [one, other] = [Buffer.from(given), Buffer.from(tokenOf(session))];
			const ours =
				SESSION.test(session) && one.length === other.length && timingSafeEqual(one, other);
			if (ours) return form;
			throw new Problem({
				status: 403,
				code: 'form_token_invalid',
				detail: 'This form is too old, or your browser keeps no cookies. Open the page again.',
			});
		},
		rememberCart: (reply: FastifyReply, id: string) => setCookie(reply, 'cart', id, 30 * 86_400),
		forgetCart: (reply: FastifyReply) => setCookie(reply, 'cart', '', 0),
	};
}
export type Visitors = ReturnType<typeof visitors>;

const linkQuery = z.object({ ap_click: z.string(), ap_campaign: z.string().default('') });

// Put into links of mails by the marketing suite.
function clickInLink({ query }: FastifyRequest): string | undefined {
	const read = linkQuery.safeParse(query);
	if (!read.success) return undefined;
	const text = `${read.data.ap_click}~${read.data.ap_campaign}`;
	return CLICK.test(text) ? text : undefined;
}

function cookiesOf(request: FastifyRequest): Map<string, string> {
	const pairs = (request.headers.cookie ?? '').split(';').map((pair): [string, string] => {
		const [name = '', ...value] = pair.trim().split('=');
		return [name, value.join('=')];
	});
	return new Map(pairs);
}
