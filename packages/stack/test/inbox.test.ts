import type { Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import nodemailer from 'nodemailer';
import type { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { openMails } from '../src/inbox/mails.ts';
import { createSmtpServer } from '../src/inbox/smtp.ts';
import { createWebServer } from '../src/inbox/web.ts';

let folder: string;
let smtp: SMTPServer;
let web: Server;
let url: string;
let smtpPort: number;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'autopilot-inbox-'));
	await open();
});
afterEach(async () => {
	await close();
	await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
	const mails = await openMails(folder);
	smtp = createSmtpServer(mails);
	web = createWebServer(mails);
	await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
	await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
	smtpPort = portOf(smtp.server);
	url = `http://127.0.0.1:${portOf(web)}`;
}

function portOf(server: TcpServer): number {
	const address = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(): Promise<void> {
	web.closeAllConnections();
	await Promise.all([
		new Promise((resolve) => void web.close(resolve)),
		new Promise<void>((resolve) => void smtp.close(resolve)),
	]);
}

async function send(mail: object): Promise<void> {
	const transport = nodemailer.createTransport({ host: '127.0.0.1', port: smtpPort });
	await transport.sendMail({ from: 'Shop <shop@autopilot.example>', ...mail });
}

const summaries = z.object({
	data: z.array(z.object({ id: z.string(), subject: z.string(), to: z.array(z.string()) })),
});

async function list(query = '') {
	return summaries.parse(await (await fetch(`${url}/api/mails${query}`)).json()).data;
}

describe('the mail catcher', () => {
	it('shows what was sent, with its headers and both of its bodies', async () => {
		await send({
			to: 'ada@example.org',
			bcc: 'ben@example.org',
			subject: 'Größe',
			text: 'plain',
			html: '<p>rich</p>',
			headers: { 'List-Unsubscribe': '<https://shop.example/u/1>' },
		});
		const [mail] = await list();
		expect(mail).toMatchObject({ subject: 'Größe', to: ['ada@example.org', 'ben@example.org'] });
		expect(await (await fetch(`${url}/api/mails/${mail?.id ?? ''}`)).json()).toMatchObject({
			html: expect.stringContaining('<p>rich</p>'),
			text: expect.stringContaining('plain'),
			headers: expect.arrayContaining([
				{ name: 'List-Unsubscribe', value: '<https://shop.example/u/1>' },
			]),
		});
		expect(await (await fetch(`${url}/api/mails/${mail?.id ?? ''}/raw`)).text()).toContain(
			'MIME-Version',
		);
	});

	it('finds mails by recipient and subject', async () => {
		await send({ to: 'ada@example.org', subject: 'Lamp', text: '-' });
		await send({ to: 'ben@example.org', subject: 'Chair', text: '-' });
		expect((await list('?to=ADA@')).map(({ subject }) => subject)).toEqual(['Lamp']);
		expect((await list('?subject=chair')).map(({ to }) => to)).toEqual([['ben@example.org']]);
		await fetch(`${url}/api/mails`, { method: 'DELETE' });
		expect(await list()).toEqual([]);
	});

	it('lets no mail run scripts or break out of its page', async () => {
		await send({
			to: 'a@example.org',
			subject: '<img src=x onerror=alert(1)>',
			html: '<script>alert(2)</script>',
		});
		const [mail] = await list();
		const shown = await fetch(`${url}/mails/${mail?.id ?? ''}/html`);
		expect(shown.headers.get('content-security-policy')).toMatch(
			/^sandbox (?!.*allow-scripts).*default-src 'none'/,
		);
		for (const page of ['/', `/mails/${mail?.id ?? ''}`]) {
			const text = await (await fetch(url + page)).text();
			expect(text).not.toContain('<img src=x');
			expect(text).not.toContain('<script>');
		}
	});

	it('keeps its mails over a restart, also one in the middle of receiving', async () => {
		await send({ to: 'ada@example.org', subject: 'Kept', text: '-' });
		await close();
		await writeFile(path.join(folder, 'cut-short.tmp'), '{"id": "');
		await open();
		expect((await list()).map(({ subject }) => subject)).toEqual(['Kept']);
	});

	it('answers 404 for a mail that it does not have', async () => {
		const missing = '00000000-0000-4000-8000-000000000000';
		expect((await fetch(`${url}/mails/${missing}`)).status).toBe(404);
		expect((await fetch(`${url}/api/mails/..%2f..%2fsecrets.json`)).status).toBe(404);
	});
});
