import { Problem, unprocessable } from '@autopilot/http';
import type { Queryable } from '@autopilot/postgres';
import type { Compiler } from '../templates/compiler.ts';
import { type Content, renderOnce, sampleContact, scopeFor } from '../templates/content.ts';
import { contentOf } from '../templates/templates.ts';
import type { Blocker, Campaign } from './schema.ts';
import { findOwnCompiled } from './store.ts';

/** Content of a campaign with its preheader: what is kept as its snapshot. */
export type CampaignContent = Content & { preheader: string };

const SAMPLE_UNSUBSCRIBE = 'https://unsubscribe.invalid/sample';
const PREHEADER =
	'<div data-skip-text style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">{{ preheader }}</div>';

/**
 * What a campaign sends: its own MJML or its template, with its subject and preheader put in.
 * @throws {Problem} 422 when there is nothing to send
 */
export async function campaignContent(
	db: Queryable,
	compiler: Compiler,
	campaign: Campaign,
): Promise<CampaignContent> {
	const own = await findOwnCompiled(db, campaign.id);
	const { templateId } = campaign;
	if (own === undefined && templateId === null) {
		throw unprocessable(
			'content_missing',
			'The campaign has neither MJML nor a template. Give it one.',
		);
	}
	const base =
		own === undefined && templateId !== null
			? await contentOf(db, compiler, templateId)
			: { html: '', text: '', ...own, subject: campaign.subject ?? campaign.name };
	const preheader = campaign.preheader ?? '';
	return {
		preheader,
		subject: campaign.subject ?? base.subject,
		html: withPreheader(base.html, preheader),
		text: base.text.includes('unsubscribeUrl')
			? base.text
			: `${base.text.trimEnd()}\n\nUnsubscribe: {{ unsubscribeUrl }}\n`,
	};
}

/** What stands against sending this content with these data; empty when nothing does. */
export function contentBlockers(campaign: Campaign, content: CampaignContent): Blocker[] {
	try {
		const scope = scopeFor({
			contact: sampleContact,
			campaign,
			data: campaign.data,
			preheader: content.preheader,
			unsubscribeUrl: SAMPLE_UNSUBSCRIBE,
		});
		const { html, subject } = renderOnce(content, scope);
		return [
			...(html.includes(`href="${SAMPLE_UNSUBSCRIBE}"`) ? [] : [NO_UNSUBSCRIBE]),
			...(subject === '' ? [NO_SUBJECT] : []),
		];
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return (error.errors ?? []).map(({ pointer, detail }) => ({
			code: error.code,
			detail: `${pointer.slice(1)}: ${detail}`,
		}));
	}
}

const NO_UNSUBSCRIBE: Blocker = {
	code: 'unsubscribe_link_missing',
	detail:
		'The mail has no link to unsubscribe. Put <a href="{{ unsubscribeUrl }}"> into the template.',
};
const NO_SUBJECT: Blocker = {
	code: 'subject_empty',
	detail: 'The subject is empty with these data. Give the campaign a subject.',
};

// A template that uses {{ preheader }} itself, in <mj-preview>, knows better where it belongs.
function withPreheader(html: string, preheader: string): string {
	if (preheader === '' || /\{\{-?\s*preheader\b/.test(html)) return html;
	return html.replace(/<body\b[^>]*>/i, (body) => `${body}${PREHEADER}`);
}
