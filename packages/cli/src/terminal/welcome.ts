import type { Stack } from '@autopilot/stack';
import { colour, print, printTable } from './print.ts';

/** Where everything of a stack is, once it is up. */
export function printWelcome({ urls, secrets, layout, components }: Stack): void {
	const login = `${secrets.n8n.ownerEmail}  ${secrets.n8n.ownerPassword}`;
	const docs = (url: string) => colour('cyan', `${url}/docs`);
	const rows: Record<string, string[]> = {
		n8n: ['n8n editor', colour('cyan', urls.n8n), login],
		mail: ['Inbox', colour('cyan', urls.inbox ?? ''), 'every mail lands here'],
		store: ['Store', docs(urls.store)],
		'marketing-suite': ['Marketing Suite', docs(urls.marketing)],
		'video-factory': ['Video Factory', docs(urls.video)],
		'research-bot': ['Research Bot', docs(urls.research)],
		'payment-sandbox': [
			...['Payment sandbox', colour('cyan', urls.payments ?? ''), 'stands in for Stripe'],
		],
		'sample-world': ['Sample world', colour('cyan', urls.sampleWorld)],
	};
	const running = new Set(components.map(({ name }) => name));
	print();
	print(colour('bold', 'Autopilot is up'));
	printTable([
		...Object.entries(rows).flatMap(([name, row]) => (running.has(name) ? [row] : [])),
		['API keys', layout.secretsFile, 'readable by you only'],
		['Logs', layout.logs, './autopilot logs SERVICE -f'],
	]);
	print();
	print(colour('dim', 'Ctrl-C stops it.'));
}
