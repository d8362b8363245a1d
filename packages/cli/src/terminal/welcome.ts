import type { RunningStack, Stack } from '@autopilot/stack';
import { colour, print, printTable } from './print.ts';

/** Where everything is, once a stack is up. */
export function printWelcome({ urls, secrets, layout }: Stack | RunningStack): void {
	print();
	print(colour('bold', 'Autopilot is up'));
	printTable([
		[
			'n8n editor',
			colour('cyan', urls.n8n),
			`${secrets.n8n.ownerEmail}  ${secrets.n8n.ownerPassword}`,
		],
		...(urls.inbox === undefined
			? []
			: [['Inbox', colour('cyan', urls.inbox), 'every mail lands here']]),
		['Store', colour('cyan', `${urls.store}/docs`), ''],
		['Marketing Suite', colour('cyan', `${urls.marketing}/docs`), ''],
		['Video Factory', colour('cyan', `${urls.video}/docs`), ''],
		['Research Bot', colour('cyan', `${urls.research}/docs`), ''],
		['API keys', layout.secretsFile, 'apiKeys, readable by you only'],
		['Logs', layout.logs, './autopilot logs SERVICE -f'],
	]);
	print();
	print(colour('dim', 'Ctrl-C stops it.'));
}
