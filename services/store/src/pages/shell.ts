import { type Html, html, pageHeaders, type Piece, stylesheet } from '@autopilot/html';
import type { FastifyReply } from 'fastify';

export const style = stylesheet(new URL('style.css', import.meta.url));

export interface Page {
	title: string;
	body: Html;
	status?: number;
	/** Things in the cart, for the header; not shown on pages of an order. */
	inCart?: number;
	/** The same for everybody: may be found by search engines. */
	isPublic?: boolean;
	description?: string;
	/** Sends the browser elsewhere after so many seconds. */
	refresh?: { seconds: number; url: string } | undefined;
	/** A form here may be redirected to a pay page of any gateway. */
	leadsToGateway?: boolean;
}

/** What is around every page. */
export function sendPage(reply: FastifyReply, storeName: string, page: Page): FastifyReply {
	const { isPublic = false, refresh, leadsToGateway = false } = page;
	return reply
		.code(page.status ?? 200)
		.type('text/html; charset=utf-8')
		.headers(
			pageHeaders({ isPublic, ...(leadsToGateway ? { formAction: "'self' https: http:" } : {}) }),
		)
		.serializer(String)
		.send(
			html`<!doctype html>
				<html lang="en">
					<head>
						<meta charset="utf-8" />
						<meta name="viewport" content="width=device-width, initial-scale=1" />
						<title>${page.title} · ${storeName}</title>
						${page.description === undefined ? null : html`<meta name="description" content="${page.description}" />`}
						${isPublic ? null : html`<meta name="robots" content="noindex" />`}
						${refresh === undefined ? null : html`<meta http-equiv="refresh" content="${refresh.seconds};url=${refresh.url}" />`}
						<link rel="stylesheet" href="${style.url}" />
						<link rel="icon" href="data:," />
					</head>
					<body>
						<a class="skip" href="#main">To the content</a>
						<header class="top">
							<a class="brand" href="/">${storeName}</a>
							<nav aria-label="Shop">
								<a href="/lost-link">Find my order</a>
								${page.inCart === undefined ? null : html`<a class="cart" href="/cart">Cart${cartCount(page.inCart)}</a>`}
							</nav>
						</header>
						<main id="main">${page.body}</main>
						<footer class="bottom"><p>${storeName}</p></footer>
					</body>
				</html>`.text,
		);
}

function cartCount(count: number): Piece {
	if (count === 0) return null;
	return html` <b aria-label="${count === 1 ? '1 thing in it' : `${count} things in it`}"
		>${count}</b
	>`;
}

/** What went wrong, or what was done, at the top of a page. */
export function message(kind: 'alert' | 'status', text: string | undefined): Piece {
	if (text === undefined) return null;
	return html`<p class="message ${kind}" role="${kind}">${text}</p>`;
}

/** The hidden field that every form carries. */
export function tokenField(token: string): Html {
	return html`<input type="hidden" name="token" value="${token}" />`;
}

/** A labelled field. */
export function input(field: {
	name: string;
	label: string;
	value?: string | null | undefined;
	type?: string;
	autocomplete?: string;
	isRequired?: boolean;
	maxLength?: number;
	hint?: string;
}): Html {
	const { name, label, type = 'text', isRequired = false } = field;
	return html`<p class="field">
		<label for="${name}">${label}${isRequired ? null : html` <small>optional</small>`}</label>
		<input
			id="${name}"
			name="${name}"
			type="${type}"
			value="${field.value ?? ''}"
			maxlength="${field.maxLength ?? 200}"
			${field.autocomplete === undefined ? null : html`autocomplete="${field.autocomplete}"`}
			${isRequired ? html`required` : null}
			${field.hint === undefined ? null : html`aria-describedby="${name}-hint"`}
		/>
		${field.hint === undefined ? null : html`<small id="${name}-hint">${field.hint}</small>`}
	</p>`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat('en-GB', {
	dateStyle: 'medium',
	timeStyle: 'short',
	timeZone: 'UTC',
});

export const day = (iso: string) => DAY.format(new Date(iso));
export const moment = (iso: string) => `${MOMENT.format(new Date(iso))} UTC`;
