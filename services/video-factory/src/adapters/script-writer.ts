import { z } from 'zod';

/** What a beat is for; the picture of a scene follows from it. */
export const beatKinds = ['hook', 'problem', 'fact', 'price', 'action', 'story'] as const;

export const beatSchema = z.object({
	kind: z.enum(beatKinds),
	/** What the voice says: one or two sentences, plain text. */
	say: z.string().trim().min(1).max(400),
	/** What stands in large type, if anything. */
	headline: z.string().trim().max(90).optional(),
});
export type Beat = z.infer<typeof beatSchema>;

export const scriptSchema = z.object({
	title: z.string().trim().min(1).max(120),
	beats: z.array(beatSchema).min(1).max(12),
	/** Who wrote it: `offline` is the default writer, `given` the caller. */
	writer: z.enum(['offline', 'llm', 'given']),
	model: z.string().optional(),
	/** Why a writer other than the one asked for was used. */
	note: z.string().optional(),
});
export type Script = z.infer<typeof scriptSchema>;

export interface ProductFacts {
	title: string;
	description?: string | undefined;
	/** Minor units with ISO 4217 code. */
	price?: { amount: number; currency: string } | undefined;
	features?: string[] | undefined;
	brand?: string | undefined;
	url?: string | undefined;
}

export interface Brief {
	product?: ProductFacts | undefined;
	topic?: string | undefined;
	/** BCP 47. */
	language: string;
	/** Length to aim at. */
	seconds: number;
	signal?: AbortSignal | undefined;
}

export interface ScriptWriter {
	name: string;
	/** @throws ScriptError when no script can be written; the message says what to change. */
	write(brief: Brief): Promise<Script>;
}

export class ScriptError extends Error {
	constructor(message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'ScriptError';
	}
}

/** Fast enough to hold attention, slow enough to follow. */
export const WORDS_PER_SECOND = 2.6;

/** Words that fit a length, less a breath of 0.45 s between scenes. */
export function wordBudget(seconds: number, scenes: number): number {
	return Math.max(8, Math.floor((seconds - 0.45 * scenes - 0.8) * 2.35));
}

export function countWords(text: string): number {
	return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Amount in the money format of the language: 4999 EUR -> "€49.99" or "49,99 €". */
export function formatPrice(price: { amount: number; currency: string }, language: string): string {
	const format = new Intl.NumberFormat(language, {
		style: 'currency',
		currency: price.currency,
		currencyDisplay: 'narrowSymbol',
	});
	const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
	const value = price.amount / 10 ** digits;
	if (Number.isInteger(value)) {
		return new Intl.NumberFormat(language, {
			style: 'currency',
			currency: price.currency,
			currencyDisplay: 'narrowSymbol',
			maximumFractionDigits: 0,
		}).format(value);
	}
	return format.format(value);
}
