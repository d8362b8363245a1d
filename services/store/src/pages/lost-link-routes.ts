import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { field } from './forms.ts';
import { lostLinkPage, requestLinks } from './lost-link.ts';
import type { PageParts } from './pages.ts';
import { sendPage } from './shell.ts';

const open = { config: { public: true }, schema: { hide: true } };

/** Links to one's orders, for who has lost the mail. */
export function lostLinkRoutes(app: FastifyInstance, parts: PageParts): void {
	const { db, storeName, visitors } = parts;
	const show = (
		request: FastifyRequest,
		reply: FastifyReply,
		told: { error?: string; done?: string },
	) => {
		const token = visitors.formToken(visitors.meet(request, reply));
		return sendPage(reply, storeName, {
			title: 'Find my order',
			inCart: 0,
			status: told.error === undefined ? 200 : 422,
			body: lostLinkPage({ token, ...told }),
		});
	};
	app.get<{ Querystring: { sent?: string } }>('/lost-link', open, (request, reply) =>
		show(request, reply, request.query.sent === undefined ? {} : { done: SENT }),
	);
	app.post(
		'/lost-link',
		{
			...open,
			// Each one may lead to a mail to somebody: few are enough.
			config: { public: true, rateLimit: { max: 10, timeWindow: 3_600_000 } },
		},
		async (request, reply) => {
			const email = z
				.email()
				.max(254)
				.safeParse(field(visitors.checkedForm(request), 'email'));
			if (!email.success) return show(request, reply, { error: 'Please check: E-mail.' });
			await requestLinks(db, email.data, request.id);
			return reply.redirect('/lost-link?sent=1', 303);
		},
	);
}

/** The same whether there are orders or not: who asks learns nothing of others. */
const SENT = 'If there are orders with this address, their links are in your mail in a moment.';
