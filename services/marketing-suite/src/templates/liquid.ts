import { Liquid, LiquidError, type Template } from 'liquidjs';
import { z } from 'zod';
import { type Shared, specialize } from './specialize.ts';

/** What a template can see. Nothing of it is reached through a prototype, and nothing in it can be overridden by data. */
export interface Scope {
	contact: Record<string, unknown>;
	campaign: Record<string, unknown>;
	/** The campaign's own data. */
	data: Record<string, unknown>;
	preheader: string;
	unsubscribeUrl: string;
}

/** A fault in a template, where its author finds it. */
export interface TemplateFault {
	line: number;
	message: string;
}

/** A template that was parsed once and is filled in for each recipient. */
export interface Parsed {
	/** @throws {LiquidError} for a filter or tag that fails, or one that goes beyond the limits */
	render(scope: Scope): string;
	/** The same for one campaign, with what all its mails have in common filled in. */
	forCampaign(shared: Shared): Pick<Parsed, 'render'>;
}

// A template may be written by one person and filled with the data of another, so it gets no files, no prototypes,
// no more than this time and this many new objects.
const limits = { parseLimit: 1_000_000, renderLimit: 500, memoryLimit: 2_000_000 };
const options = {
	ownPropertyOnly: true,
	strictFilters: true,
	templates: {},
	locale: 'en',
	timezoneOffset: 0,
	...limits,
};
const htmlEngine = withFilters(new Liquid({ ...options, outputEscape: 'escape' }));
const textEngine = withFilters(new Liquid(options));

/** HTML: what is filled in is escaped, unless the template says `| raw`. */
export const parseHtml = (source: string): Parsed => parsed(htmlEngine, source);
/** Plain text and subjects: nothing is escaped. */
export const parseText = (source: string): Parsed => parsed(textEngine, source);

/** Faults in the tags of a template, with the lines of its source; empty when there are none. */
export function liquidFaults(source: string): TemplateFault[] {
	try {
		htmlEngine.parse(source);
		return [];
	} catch (error) {
		return [faultOf(error)];
	}
}

export function faultOf(error: unknown): TemplateFault {
	if (!LiquidError.is(error)) {
		return { line: 1, message: error instanceof Error ? error.message : String(error) };
	}
	const [line = 1] = error.token?.getPosition() ?? [];
	return { line, message: error.message.replace(/, (file:.*|line:\d+, col:\d+)$/, '') };
}

function parsed(engine: Liquid, source: string): Parsed {
	const templates: Template[] = engine.parse(source);
	const render = (scope: object, part = templates) => String(engine.renderSync(part, scope));
	return {
		render,
		forCampaign(shared) {
			const special = specialize(engine, { source, templates, shared });
			if (special === undefined) return { render };
			const { parts, assigned } = special;
			return {
				render(scope) {
					const whole = { ...assigned, ...scope };
					return parts.map((part) => (Array.isArray(part) ? render(whole, part) : part)).join('');
				},
			};
		},
	};
}

const money = z.object({ amount: z.number(), currency: z.string().regex(/^[A-Z]{3}$/) });
const formats = new Map<string, Intl.NumberFormat>();

function withFilters(engine: Liquid): Liquid {
	// {{ data.price | money }} or {{ data.price | money: "de" }}; minor units become what people read.
	engine.registerFilter('money', (value: unknown, locale: unknown) => {
		const price = money.safeParse(value).data;
		if (price === undefined)
			return typeof value === 'string' || typeof value === 'number' ? value : '';
		const format = formatOf(price.currency, typeof locale === 'string' ? locale : 'en');
		return format.format(
			price.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2),
		);
	});
	return engine;
}

function formatOf(currency: string, locale: string): Intl.NumberFormat {
	const key = `${locale} ${currency}`;
	const known = formats.get(key);
	if (known !== undefined) return known;
	const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
	formats.set(key, format);
	return format;
}
