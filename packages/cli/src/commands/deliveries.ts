import { openStack, type Service } from '@autopilot/stack';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { dataOption, jsonOption, serviceOption, wholeNumber } from '../options.ts';
import { serviceClient, type ServiceClient } from '../service-client.ts';
import { colour, print, printJson, printTable } from '../terminal/print.ts';

interface DeliveryOptions {
	data: string;
	service: Service;
	json?: true;
}

const deliveries = z.object({
	data: z.array(
		z.looseObject({
			id: z.string(),
			state: z.string(),
			url: z.string(),
			event: z.object({ type: z.string() }).nullable(),
			attempts: z.int(),
			lastStatus: z.int().nullable(),
			lastError: z.string().nullable(),
			createdAt: z.string(),
		}),
	),
});
const replayed = z.object({ replayed: z.int() });

export function registerDeliveries(program: Command): void {
	const group = program
		.command('deliveries')
		.summary('webhook deliveries of a service and its dead letters')
		.description('What a service posted to whom, and what it gave up: the dead letters.');
	group
		.command('list')
		.description('Lists deliveries, the newest first; dead letters unless told otherwise.')
		.addOption(serviceOption())
		.addOption(dataOption())
		.addOption(jsonOption())
		.addOption(
			new Option('--state <state>').choices(['dead', 'pending', 'delivered']).default('dead'),
		)
		.option('-n, --limit <n>', 'how many, at most 100', wholeNumber, 20)
		.action(async (options: DeliveryOptions & { state: string; limit: number }) => {
			const client = await clientOf(options);
			const path = `/api/v1/deliveries?state=${options.state}&limit=${options.limit}`;
			const { data } = await client.get(deliveries, path);
			if (options.json === true) return printJson({ data });
			if (data.length === 0) return print(colour('dim', `No ${options.state} deliveries.`));
			printTable(
				data.map((one) => [
					...[one.id, one.event?.type ?? 'call-back', one.url, String(one.attempts)],
					`${one.lastStatus ?? ''} ${one.lastError ?? ''}`.trim(),
				]),
				['id', 'event', 'to', 'attempts', 'last answer'],
			);
		});
	group
		.command('replay')
		.description('Delivers one dead letter again, or all of them (of one event type).')
		.argument('[id]', 'as `deliveries list` shows it; none means all')
		.addOption(serviceOption())
		.addOption(dataOption())
		.addOption(jsonOption())
		.option('--type <type>', 'only events of this type, e.g. product.created')
		.action(async (id: string | undefined, options: DeliveryOptions & { type?: string }) => {
			const client = await clientOf(options);
			const answer =
				id === undefined
					? await client.post(replayed, '/api/v1/deliveries/replay', {
							...(options.type && { type: options.type }),
						})
					: await client.post(replayed, `/api/v1/deliveries/${encodeURIComponent(id)}/replay`, {});
			if (options.json === true) return printJson(answer);
			print(`${colour('green', '✔')} ${answer.replayed} delivered again`);
		});
}

async function clientOf({ data, service }: DeliveryOptions): Promise<ServiceClient> {
	const stack = await openStack(data);
	const { url, apiKey } = stack.services[service.name];
	return serviceClient(url, apiKey);
}
