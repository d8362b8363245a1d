import type { Mail, MailSummary } from './mails.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8883; --soft: #888; }
* { box-sizing: border-box; }
body { font: 15px/1.45 Inter, system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1.5rem; }
h1 { font-size: 1.15rem; margin: 0 0 1rem; }
a { color: inherit; text-decoration: none; }
form { display: flex; gap: .5rem; margin-bottom: 1rem; }
input { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem; flex: 1; background: none; color: inherit; }
button { font: inherit; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer; }
table { width: 100%; border-collapse: collapse; }
td { border-top: 1px solid var(--line); padding: .55rem .5rem; vertical-align: top; }
td a { display: block; }
.soft { color: var(--soft); font-size: .87rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 72vh; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; }
`;

/** The inbox, newest mail first. */
export function listPage(mails: MailSummary[], filter: { to: string; subject: string }): string {
	const rows = mails.map(
		(mail) => `<tr><td><a href="/mails/${mail.id}">${escape(mail.subject || '(no subject)')}
<div class="soft">to ${escape(mail.to.join(', '))}</div></a></td>
<td class="soft">${escape(mail.from)}</td><td class="soft">${escape(mail.receivedAt)}</td></tr>`,
	);
	return page(
		'Inbox',
		`<h1>Inbox <span class="soft">${mails.length} mails caught, none sent on</span></h1>
<form><input name="to" placeholder="recipient" value="${escape(filter.to)}">
<input name="subject" placeholder="subject" value="${escape(filter.subject)}"><button>Find</button></form>
<table>${rows.join('\n') || '<tr><td class="soft">Nothing here yet.</td></tr>'}</table>`,
	);
}

/** One mail: head, HTML in a sandboxed frame, text. */
export function mailPage(mail: Mail): string {
	const facts = [
		['From', mail.headers.find(({ name }) => name.toLowerCase() === 'from')?.value ?? mail.from],
		['To', mail.to.join(', ')],
		['Received', mail.receivedAt],
		...mail.attachments.map(({ name, type, sizeBytes }) => [
			'Attachment',
			`${name} (${type}, ${sizeBytes} bytes)`,
		]),
		...mail.headers
			.filter(({ name }) => /^list-|^x-|^precedence$/i.test(name))
			.map(({ name, value }) => [name, value]),
	];
	const list = facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`);
	const frame =
		mail.html === null
			? ''
			: `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${mail.id}/html" title="The mail as its reader sees it"></iframe>`;
	const text = mail.text === null ? '' : `<h1>Text part</h1><pre>${escape(mail.text)}</pre>`;
	return page(
		mail.subject,
		`<p class="soft"><a href="/">← Inbox</a> · <a href="/mails/${mail.id}/raw">source</a></p>
<h1>${escape(mail.subject)}</h1><dl>${list.join('')}</dl>${frame}${text}`,
	);
}

function page(title: string, body: string): string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style><body>${body}</body></html>`;
}

function escape(text: string | undefined): string {
	return (text ?? '').replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
