import { fileURLToPath } from 'node:url';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { answersOk } from '../health.ts';

const program = fileURLToPath(new URL('../inbox/main.ts', import.meta.url));

/** The mail catcher: takes every mail by SMTP, shows it in a web inbox, sends nothing on. */
export function mail(context: StackContext): Component {
	const { layout, wiring } = context;
	const { smtp, inbox } = layout.ports;
	return {
		name: 'mail',
		label: 'Mail catcher',
		after: [],
		ports: [
			{ port: smtp, purpose: 'mail catcher (SMTP)' },
			{ port: inbox, purpose: 'mail catcher (web inbox)' },
		],
		plan: () => ({
			name: 'mail',
			file: process.execPath,
			args: [program, '--smtp', String(smtp), '--web', String(inbox), '--folder', layout.mail],
			env: environmentFor(context, 'mail', {}),
			cwd: layout.dataDir,
			isReady: (signal) => answersOk(`http://127.0.0.1:${inbox}/healthz`, signal),
			readyWithinMs: 20_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 5000,
		}),
		detail: () => wiring.inboxUrl ?? '',
	};
}
