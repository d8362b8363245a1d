import { Context, type Liquid, type Template } from 'liquidjs';
import type { Scope } from './liquid.ts';

/** What is the same in all mails of a campaign. */
export type Shared = Pick<Scope, 'data' | 'campaign'>;

/** A template with everything filled in that is the same for all: texts, and the tags that differ, in turn. */
export interface Specialized {
	parts: (string | Template[])[];
	/** Variables that the filled-in part has assigned, and the rest may use. */
	assigned: Record<string, unknown>;
}

const PERSONAL: readonly (keyof Scope)[] = ['contact', 'preheader', 'unsubscribeUrl'];
// Tags that remember something from one to the next, or bring another template in.
const STATEFUL = /\{%-?\s*(cycle|increment|decrement|layout|block|include|render)\b/;

/**
 * Fills in once what does not depend on the recipient: of a template with twenty tags some three are left for each
 * mail, which halves what rendering costs.
 * @returns undefined for a template that has to be rendered as a whole
 */
export function specialize(
	engine: Liquid,
	{ source, templates, shared }: { source: string; templates: Template[]; shared: Shared },
): Specialized | undefined {
	if (STATEFUL.test(source)) return undefined;
	const personal = new Set<string>(PERSONAL);
	const assignedOnce = new Set<string>();
	const parts: Specialized['parts'] = [];
	const context = new Context({ ...shared }, engine.options, { sync: true });
	for (const template of templates) {
		const { globals, locals } = engine.analyzeSync([template], { partials: false });
		for (const name of Object.keys(locals)) {
			// Assigned twice, a variable has a time at which it is read, and filling in would change that.
			if (assignedOnce.has(name)) return undefined;
			assignedOnce.add(name);
		}
		if (Object.keys(globals).some((name) => personal.has(name))) {
			for (const name of Object.keys(locals)) personal.add(name);
			const last = parts.at(-1);
			if (Array.isArray(last)) last.push(template);
			else parts.push([template]);
			continue;
		}
		const text = String(engine.renderSync([template], context));
		const last = parts.at(-1);
		if (typeof last === 'string') parts.splice(-1, 1, last + text);
		else parts.push(text);
	}
	return { parts, assigned: { ...context.bottom() } };
}
