import { openStack, stackStatus, type RunningStack } from '@autopilot/stack';
import { Argument, type Command, Option } from 'commander';
import { demonstrateFulfilment } from '../fulfilment/fulfilment.ts';
import { printFulfilment } from '../fulfilment/summary.ts';
import { launchProduct } from '../launch/launch.ts';
import { launchServices } from '../launch/services.ts';
import { printSummary, summarise } from '../launch/summary.ts';
import { dataOption, jsonOption, portBaseOption } from '../options.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { colour, print, printJson } from '../terminal/print.ts';
import { runStep, showOnStderr } from '../terminal/steps.ts';
import { withStack } from '../with-stack.ts';

interface DemoOptions {
	data: string;
	portBase?: number;
	exit?: true;
	json?: true;
}

export function registerDemo(program: Command): void {
	program
		.command('demo')
		.addArgument(
			new Argument('[story]', 'what to show').choices(['launch', 'fulfilment']).default('launch'),
		)
		.summary('start everything, launch a sample product or sell one, show the result')
		.description(
			'Boots the stack with a small world of invented shops, fills a mailing list, creates a sample product, and shows how n8n launches it: competitor prices, price advice, a rendered video, an e-mail campaign. `fulfilment` is the other story: a customer buys in a real browser, pays in the payment sandbox, and n8n does the rest: mails, licence, download, parcel. Stays up until Ctrl-C. With a stack already running it uses that one (started with --sample-world or by another demo).',
		)
		.addOption(dataOption())
		.addOption(portBaseOption())
		.addOption(new Option('--exit', 'end after the summary instead of staying up'))
		.addOption(jsonOption())
		.action(async (story: keyof typeof STORIES, options: DemoOptions) => {
			const demonstrate = STORIES[story];
			if (options.json === true) showOnStderr();
			const { state } = await stackStatus(options.data);
			if (state === 'running') {
				const { signal, done } = interruptible(() => process.exit(130));
				try {
					await demonstrate(await openStack(options.data), options, signal);
				} finally {
					done();
				}
				return;
			}
			await withStack(
				{ ...options, sampleWorld: true },
				async ({ stack, signal, untilInterrupted }) => {
					await demonstrate(stack, options, signal);
					if (options.exit === true) return;
					print();
					print(colour('dim', 'Everything stays up; Ctrl-C stops it.'));
					await untilInterrupted();
				},
			);
		});
}

const STORIES = { launch: demonstrateLaunch, fulfilment: demonstratePurchase };

async function demonstratePurchase(
	stack: RunningStack,
	options: DemoOptions,
	signal: AbortSignal,
): Promise<void> {
	if (options.json !== true) print(`\n${colour('bold', 'Selling a sample product')}`);
	const result = await demonstrateFulfilment(stack, signal);
	if (options.json === true) printJson(result);
	else printFulfilment(stack, result);
}

async function demonstrateLaunch(
	stack: RunningStack,
	options: DemoOptions,
	signal: AbortSignal,
): Promise<void> {
	const { sampleContacts, sampleProduct } = await import('@autopilot/sample-world');
	const product = sampleProduct(stack.urls.sampleWorld);
	const services = launchServices(stack);
	if (options.json !== true) print(`\n${colour('bold', 'Launching a sample product')}`);
	await runStep({
		title: `Mailing list “${product.attributes.audience}”`,
		async work() {
			const listId = await services.ensureList(product.attributes.audience);
			const { created, updated } = await services.importContacts(listId, sampleContacts());
			return { note: colour('dim', `${created + updated} contacts`), result: undefined };
		},
	});
	const launch = await launchProduct(stack, asNew(product), signal);
	const summary = await summarise(stack, launch);
	if (options.json === true) printJson(summary);
	else printSummary(summary);
}

/** Slug and SKUs are unique in the store, and every demo launches a product of its own. */
function asNew<Sample extends { slug: string; variants: { sku: string }[] }>(
	product: Sample,
): Sample {
	const run = Date.now().toString(36);
	return {
		...product,
		slug: `${product.slug}-${run}`,
		variants: product.variants.map((variant) => ({
			...variant,
			sku: `${variant.sku}-${run.toUpperCase()}`,
		})),
	};
}
