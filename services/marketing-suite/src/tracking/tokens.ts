import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a public link is for. A token of one purpose opens nothing of another. */
export type Purpose = 'open' | 'click' | 'unsubscribe';

export interface Token {
	recipientId: string;
	/** Number of the link in its campaign; 0 but for clicks. */
	number: number;
}

const ID_BYTES = 16;
const NUMBER_BYTES = 2;
// 64 bits: guessing one costs 2^63 requests, and the unsubscribe link stays under 70 characters, where long
// List-Unsubscribe headers begin to be folded and to break DKIM.
const MAC_BYTES = 8;
export const MAX_LINKS = 2 ** (8 * NUMBER_BYTES) - 1;

/** Makes and reads the tokens in public links. */
export interface Tokens {
	make(purpose: Purpose, token: Token): string;
	/** Undefined for what we have not made. */
	read(purpose: Purpose, text: string): Token | undefined;
	/** The same for the same campaign and contact, however often it is asked: Message-ID without its domain. */
	messageKey(campaignId: string, contactId: string): string;
}

/** @param secret  changing it breaks all links that were sent */
export function createTokens(secret: string): Tokens {
	const mac = (purpose: Purpose, bytes: Buffer) =>
		createHmac('sha256', secret)
			.update(`tracking/v1/${purpose}\n`)
			.update(bytes)
			.digest()
			.subarray(0, MAC_BYTES);
	return {
		make(purpose, { recipientId, number }) {
			const bytes = Buffer.alloc(purpose === 'click' ? ID_BYTES + NUMBER_BYTES : ID_BYTES);
			bytes.write(recipientId.replaceAll('-', ''), 0, 'hex');
			if (purpose === 'click') bytes.writeUInt16BE(number, ID_BYTES);
			return Buffer.concat([bytes, mac(purpose, bytes)]).toString('base64url');
		},
		read(purpose, text) {
			const length = purpose === 'click' ? ID_BYTES + NUMBER_BYTES : ID_BYTES;
			const all = Buffer.from(text, 'base64url');
			if (all.length !== length + MAC_BYTES) return undefined;
			const bytes = all.subarray(0, length);
			if (!timingSafeEqual(all.subarray(length), mac(purpose, bytes))) return undefined;
			const number = purpose === 'click' ? bytes.readUInt16BE(ID_BYTES) : 0;
			return { recipientId: uuidOf(bytes), number };
		},
		messageKey: (campaignId, contactId) =>
			createHmac('sha256', secret)
				.update(`message-id/v1\n${campaignId}\n${contactId}`)
				.digest('hex')
				.slice(0, 32),
	};
}

function uuidOf(bytes: Buffer): string {
	const hex = bytes.toString('hex', 0, ID_BYTES);
	return [8, 12, 16, 20, 32]
		.map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
		.join('-');
}
