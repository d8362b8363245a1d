import { describe, expect, it } from '@jest/globals';
import { type Mail, writeMessage } from '../src/sending/message.ts';
import { quotedPrintable } from '../src/sending/quoted-printable.ts';
import { parseMail } from './mail-parser.ts';

const mail: Mail = {
	from: { name: 'Shop', email: 'shop@shop.example' },
	to: { name: 'Ada', email: 'ada@example.com' },
	replyTo: null,
	subject: 'Hello',
	html: '<p>Grüße</p>',
	text: 'Grüße\n',
	messageId: '<1@shop.example>',
	headers: { 'X-Own': 'value' },
	textEncoding: 'quoted-printable',
};
const breakOut = 'A\r\nBcc: victim@example.com\r\n\r\n--x\r\n';

describe('a message', () => {
	it.each(['quoted-printable', 'base64'] as const)('comes through as %s', (textEncoding) => {
		const html = `<p>${'Grüße, 你好, 🙂 = '.repeat(60)}</p>\n.\n..\n \n`;
		const read = parseMail(writeMessage({ ...mail, html, textEncoding }).toString('latin1'));
		expect(read.html).toBe(textEncoding === 'base64' ? html : html.replaceAll('\n', '\r\n'));
		expect(read.text.trim()).toBe('Grüße');
		expect(read.headers.get('x-own')).toBe('value');
	});

	it.each(['subject', 'messageId', 'replyTo'] as const)(
		'has no header that %s smuggles in',
		(field) => {
			const read = parseMail(writeMessage({ ...mail, [field]: breakOut }).toString('latin1'));
			expect(read.headers.has('bcc')).toBe(false);
			expect(read.html).toContain('Grüße');
		},
	);

	it('has no header that a name, an address or a header value smuggles in', () => {
		const hostile = { name: breakOut, email: `a@example.com>${breakOut}` };
		const message = writeMessage({
			...{ ...mail, from: hostile, to: hostile, headers: { 'X-Own': breakOut } },
		});
		const read = parseMail(message.toString('latin1'));
		expect(read.headers.has('bcc')).toBe(false);
		expect(read.html).toContain('Grüße');
	});
});

describe('quoted-printable', () => {
	it.each([
		['nothing', '', ''],
		['what is plain', 'a.b <c> "d"', 'a.b <c> "d"'],
		['equals signs and letters beyond ASCII', '=ü', '=3D=C3=BC'],
		['blanks at the end of a line', 'a \nb\t', 'a=20\r\nb=09'],
		['line ends of all kinds', 'a\rb\nc\r\nd', 'a\r\nb\r\nc\r\nd'],
		['control characters', 'a\u0000b', 'a=00b'],
	])('encodes %s', (_name, text, encoded) => {
		expect(quotedPrintable(text).toString('latin1')).toBe(encoded);
	});

	it('keeps lines to 76 characters, whatever is in them', () => {
		for (const unit of ['a', 'ü', 'a =', 'abc ']) {
			for (let length = 1; length < 200; length++) {
				const lines = quotedPrintable(unit.repeat(length)).toString('latin1').split('\r\n');
				expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
				const joined = lines.join('\r\n').replaceAll('=\r\n', '');
				expect(decodeURIComponent(joined.replaceAll('%', '%25').replaceAll(/=(..)/g, '%$1'))).toBe(
					unit.repeat(length),
				);
			}
		}
	});
});
