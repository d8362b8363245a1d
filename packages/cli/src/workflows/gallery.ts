import { drawSvg, isTrigger } from '@autopilot/workflow-kit';
import type { NamedWorkflow } from './draw.ts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

/** README.md and the pictures it shows, by their paths in the folder; the same for the same workflows. */
export function galleryOf(workflows: readonly NamedWorkflow[]): Map<string, string> {
	const files = new Map<string, string>();
	const sections = workflows.map(({ name, workflow }) => {
		files.set(`pictures/${name}.svg`, drawSvg(workflow, { theme: 'light', background: 'plain' }));
		files.set(
			`pictures/${name}-dark.svg`,
			drawSvg(workflow, { theme: 'dark', background: 'plain' }),
		);
		const title = text(workflow.name === '' ? name : workflow.name);
		return [
			`## ${title}`,
			'',
			`[${text(name)}.json](${encodeURIComponent(name)}.json) · ${factsOf({ name, workflow })}`,
			'',
			'<picture>',
			`  <source media="(prefers-color-scheme: dark)" srcset="pictures/${encodeURIComponent(name)}-dark.svg">`,
			`  <img alt="${title}" src="pictures/${encodeURIComponent(name)}.svg">`,
			'</picture>',
			'',
		].join('\n');
	});
	const head = [
		'# Workflows',
		'',
		'Made by `autopilot workflows draw --gallery`; a test says when it is out of date.',
		'',
	].join('\n');
	files.set('README.md', [head, ...sections].join('\n'));
	return files;
}

function factsOf({ workflow }: NamedWorkflow): string {
	const nodes = workflow.nodes.filter(({ type }) => type !== STICKY_NOTE);
	const triggers = nodes.filter(isTrigger).map(({ name }) => text(name));
	const facts = [`${nodes.length} nodes`];
	if (triggers.length > 0) facts.push(`starts with ${triggers.join(', ')}`);
	const onError = workflow.settings['errorWorkflow'];
	if (typeof onError === 'string') facts.push(`failures go to ${text(onError)}`);
	return facts.join(' · ');
}

/** Names stay text in Markdown and HTML. */
function text(name: string): string {
	return name
		.replace(/\s+/g, ' ')
		.replace(/[\\`*_{}[\]<>"&|]/g, (one) => `&#${one.charCodeAt(0)};`);
}
