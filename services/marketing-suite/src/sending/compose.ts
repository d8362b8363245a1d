import type { Database } from '@autopilot/postgres';
import type { CampaignContent } from '../campaigns/content.ts';
import type { Campaign } from '../campaigns/schema.ts';
import { type Mailbox, oneLine } from '../mailbox.ts';
import { scopeFor, SUBJECT_LENGTH, tidy } from '../templates/content.ts';
import { parseHtml, parseText } from '../templates/liquid.ts';
import { openLinkBook } from '../tracking/links.ts';
import type { Tokens } from '../tracking/tokens.ts';
import type { Mail } from './message.ts';

/** Who a mail is for. */
export interface Addressee {
	/** Row in the ledger. */
	id: string;
	contactId: string;
	email: string;
	name: string | null;
	attributes: Record<string, unknown>;
}

/** Writes the mails of one campaign; everything that is the same for all recipients is done once, before the first. */
export interface Composer {
	/** @throws {Error} when the template fails on this contact, or leaves the unsubscribe link out */
	compose(addressee: Addressee): Promise<Mail>;
	messageIdOf(contactId: string): string;
}

export interface ComposerParts {
	tokens: Tokens;
	publicUrl: string;
	defaultFrom: Mailbox;
}

export async function createComposer(
	db: Database,
	{ tokens, publicUrl, defaultFrom }: ComposerParts,
	{ campaign, content }: { campaign: Campaign; content: CampaignContent },
): Promise<Composer> {
	const shared = { data: campaign.data, campaign: { id: campaign.id, name: campaign.name } };
	const parsed = {
		subject: parseText(content.subject).forCampaign(shared),
		preheader: parseText(content.preheader).forCampaign(shared),
		html: parseHtml(content.html).forCampaign(shared),
		text: parseText(content.text).forCampaign(shared),
	};
	const links = await openLinkBook(db, campaign.id, { tokens, publicUrl });
	const from = campaign.from ?? defaultFrom;
	const domain = from.email.slice(from.email.lastIndexOf('@') + 1);
	const messageIdOf = (contactId: string) =>
		`<${tokens.messageKey(campaign.id, contactId)}@${domain}>`;
	const textEncoding = encodingFor(content.html + content.text);
	return {
		messageIdOf,
		async compose(addressee) {
			const recipientId = addressee.id;
			const token = { recipientId, number: 0 };
			const unsubscribeUrl = `${publicUrl}/u/${tokens.make('unsubscribe', token)}`;
			const scope = scopeFor({
				contact: { ...addressee, id: addressee.contactId },
				...shared,
				preheader: '',
				unsubscribeUrl,
			});
			scope.preheader = parsed.preheader.render(scope);
			const plain = parsed.html.render(scope);
			if (!plain.includes(unsubscribeUrl)) throw new Error('The mail has no link to unsubscribe.');
			if (campaign.trackClicks) await links.note(plain);
			const html = links.rewrite(plain, {
				...{ recipientId, unsubscribeUrl },
				tracked: campaign.trackClicks,
			});
			const pixel = `${publicUrl}/t/o/${tokens.make('open', token)}.gif`;
			return {
				from,
				to: {
					name: addressee.name === null ? null : oneLine(addressee.name, 200),
					email: addressee.email,
				},
				replyTo: campaign.replyTo,
				subject: oneLine(parsed.subject.render(scope), SUBJECT_LENGTH),
				html: campaign.trackOpens ? withPixel(html, pixel) : html,
				text: tidy(parsed.text.render(scope)),
				messageId: messageIdOf(addressee.contactId),
				textEncoding,
				headers: {
					'List-Unsubscribe': `<${unsubscribeUrl}>`,
					'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
					Precedence: 'bulk',
					'X-Campaign-Recipient': recipientId,
				},
			};
		},
	};
}

/** Quoted-printable triples what is not ASCII, base64 adds a third to everything. */
function encodingFor(sample: string): Mail['textEncoding'] {
	const bytes = Buffer.byteLength(sample);
	return bytes - sample.length > bytes / 6 ? 'base64' : 'quoted-printable';
}

function withPixel(html: string, url: string): string {
	const image = `<img src="${url}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">`;
	const end = html.lastIndexOf('</body>');
	return end < 0 ? html + image : html.slice(0, end) + image + html.slice(end);
}
