import type { Command } from 'commander';
import { dataOption, portBaseOption } from '../options.ts';
import { printWelcome } from '../terminal/welcome.ts';
import { withStack } from '../with-stack.ts';

interface UpOptions {
	data: string;
	portBase?: number;
	only?: string[];
	sampleWorld?: true;
}

export function registerUp(program: Command): void {
	program
		.command('up')
		.summary('start everything and keep it running until Ctrl-C')
		.description(
			'Starts PostgreSQL, Redis, the mail catcher, all services and n8n, keeps them alive, and stops them in order on Ctrl-C. Environment variables put the real thing in a component’s place, which is then not started: DATABASE_URL, REDIS_URL, SMTP_URL, N8N_URL (with N8N_API_KEY), STORE_URL ...',
		)
		.addOption(dataOption())
		.addOption(portBaseOption())
		.option('--only <names...>', 'only these components and what they stand on')
		.option('--sample-world', 'with the invented shops of the demo')
		.action(async (options: UpOptions) => {
			await withStack(options, async ({ stack, untilInterrupted }) => {
				printWelcome(stack);
				await untilInterrupted();
			});
		});
}
