import { parseArgs } from 'node:util';
import { openMails } from './mails.ts';
import { createSmtpServer } from './smtp.ts';
import { createWebServer } from './web.ts';

// The mail catcher as a process: node main.ts --smtp 4025 --web 4080 --folder DIR, until SIGTERM.
const { values } = parseArgs({
	options: {
		smtp: { type: 'string', default: '4025' },
		web: { type: 'string', default: '4080' },
		folder: { type: 'string', default: 'mail' },
	},
});
const mails = await openMails(values.folder);
const smtp = createSmtpServer(mails);
smtp.on('error', (error) => console.error(error));
const web = createWebServer(mails);
smtp.listen(Number(values.smtp), '127.0.0.1', () => {
	// Last, because its /healthz says that both listen.
	web.listen(Number(values.web), '127.0.0.1');
});

process.once('SIGTERM', () => {
	web.close();
	web.closeAllConnections();
	smtp.close();
});
