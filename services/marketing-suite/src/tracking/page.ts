/** Pages for readers. Plain HTML: no script, nothing loaded from anywhere. */
const STYLE = `
:root { color-scheme: light dark; --ground: #f4f2ee; --card: #fff; --ink: #1d1c1a; --soft: #6b6861; --accent: #1d1c1a; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #161513; --card: #211f1c; --ink: #f3f0ea; --soft: #a8a39a; --accent: #f3f0ea; --on-accent: #161513; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.55 Inter, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { background: var(--card); border-radius: 1.25rem; padding: 2.75rem 2.25rem; max-width: 27rem; width: 100%; text-align: center; box-shadow: 0 1px 2px #0001, 0 18px 50px -18px #0003; }
.mark { width: 3.25rem; height: 3.25rem; margin: 0 auto 1.25rem; border-radius: 50%; background: color-mix(in srgb, var(--ink) 8%, transparent); display: grid; place-items: center; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .6rem; letter-spacing: -.01em; }
p { margin: 0 0 1.4rem; color: var(--soft); overflow-wrap: anywhere; }
strong { color: var(--ink); font-weight: 600; }
button { font: inherit; font-weight: 600; width: 100%; padding: .8rem 1.2rem; border: 0; border-radius: .75rem; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button:focus-visible { outline: 3px solid #5b8def; outline-offset: 3px; }
small { display: block; margin-top: 1.1rem; color: var(--soft); }
`;

const ENVELOPE =
	'<path d="M3.5 6.5h17v11h-17z"/><path d="m4 7 8 6.2L20 7" stroke-linecap="round" stroke-linejoin="round"/>';
const CHECK =
	'<path d="m5.5 12.5 4.4 4.3 8.6-9.3" stroke-linecap="round" stroke-linejoin="round"/>';

/** Asks before anything changes: mail scanners open links. */
export function confirmPage({ email, sender }: { email: string; sender: string | null }): string {
	const who = sender === null ? '' : ` from <strong>${escape(sender)}</strong>`;
	return page('Unsubscribe', ENVELOPE, [
		'<h1>Unsubscribe?</h1>',
		`<p><strong>${escape(email)}</strong> will get no more mail${who}.</p>`,
		'<form method="post"><input type="hidden" name="source" value="page"><button>Yes, unsubscribe me</button></form>',
		'<small>Opened this by mistake? Just close the page; nothing has changed.</small>',
	]);
}

export function donePage({ email }: { email: string }): string {
	return page('Unsubscribed', CHECK, [
		'<h1>You are unsubscribed</h1>',
		`<p><strong>${escape(email)}</strong> will get no more mail. It may take a moment for one that is on its way already.</p>`,
	]);
}

export function unknownPage(): string {
	return page('Link not found', ENVELOPE, [
		'<h1>This link does not work</h1>',
		'<p>It may have been cut off on its way to you. Open it again from the mail, and copy all of it if you paste it.</p>',
	]);
}

/** The link in a test mail. */
export function testPage(): string {
	return page('Test mail', ENVELOPE, [
		'<h1>This was a test</h1>',
		'<p>In a real mail, this page lets its reader unsubscribe.</p>',
	]);
}

function page(title: string, icon: string, body: string[]): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head><body><main>
<div class="mark"><svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">${icon}</svg></div>
${body.join('\n')}</main></body></html>`;
}

function escape(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
