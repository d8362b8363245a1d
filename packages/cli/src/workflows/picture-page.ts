import { drawSvg } from '@autopilot/workflow-kit';
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { print } from '../terminal/print.ts';
import type { NamedWorkflow } from './draw.ts';

/** One file without scripts or anything from the network. */
export function pageOf(workflows: readonly NamedWorkflow[]): string {
	const figures = workflows.map(({ name, workflow }) => {
		const picture = (theme: 'light' | 'dark') =>
			`<img class="${theme}" alt="" src="data:image/svg+xml;base64,${Buffer.from(drawSvg(workflow, { theme })).toString('base64')}">`;
		const title = escape(workflow.name === '' ? name : workflow.name);
		return `<figure><figcaption>${title}</figcaption>${picture('light')}${picture('dark')}</figure>`;
	});
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Workflows</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; font-family: Inter, system-ui, sans-serif }
body { margin: 2rem auto; max-width: 110rem; padding: 0 1rem; background: Canvas }
figure { margin: 0 0 3rem }
figcaption { font-size: 1.25rem; font-weight: 600; margin-bottom: .75rem }
img { max-width: 100%; height: auto; border-radius: 12px; border: 1px solid color-mix(in srgb, CanvasText 15%, transparent) }
.dark { display: none }
@media (prefers-color-scheme: dark) { .dark { display: inline } .light { display: none } }
</style></head><body>
${figures.join('\n')}
</body></html>
`;
}

/** Writes the page into a temporary folder and asks the desktop to show it. */
export async function showPage(workflows: readonly NamedWorkflow[]): Promise<void> {
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-workflows-'));
	const file = path.join(folder, 'workflows.html');
	await writeFile(file, pageOf(workflows));
	print(file);
	const [program, ...before] =
		process.platform === 'darwin'
			? ['open']
			: process.platform === 'win32'
				? ['cmd', '/c', 'start', '']
				: ['xdg-open'];
	if (program === undefined) return;
	// Without a desktop the path is all there is to say.
	const child = spawn(program, [...before, file], { stdio: 'ignore', detached: true });
	child.on('error', () => {
		print('Open it in a browser.');
	});
	child.unref();
}

function escape(text: string): string {
	return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
