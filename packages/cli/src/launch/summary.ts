import { globSync } from 'node:fs';
import path from 'node:path';
import type { RunningStack } from '@autopilot/stack';
import { z } from 'zod';
import { colour, duration, print, printTable, size } from '../terminal/print.ts';
import type { NodeRun } from './execution.ts';
import type { Launch } from './launch.ts';
import {
	launchServices,
	type Analytics,
	type LaunchServices,
	type Product,
	type Scrape,
	type VideoTask,
} from './services.ts';

/** What a launch has brought about, asked of the services themselves. */
export interface LaunchSummary {
	n8n: { url: string; email: string; password: string };
	executionUrl: string;
	inboxUrl: string | undefined;
	product: Product;
	competitors: Scrape | undefined;
	video: (VideoTask & { file: string | undefined }) | undefined;
	campaign: (Analytics & { id: string }) | undefined;
	steps: { node: string; ms: number }[];
	tookMs: number;
}

export async function summarise(stack: RunningStack, launch: Launch): Promise<LaunchSummary> {
	const services = launchServices(stack);
	const { execution, executionUrl, tookMs } = launch;
	const idOf = (node: string, schema: z.ZodType<string>) =>
		execution.runs
			.filter(({ type }) => type.endsWith(`.${node}`))
			.flatMap(({ items }) => items.flatMap((item) => schema.safeParse(item).data ?? []))
			.at(-1);
	const scrapeId = idOf('researchBot', scrapeItem);
	const taskId = idOf('videoFactory', taskItem);
	const campaignId = idOf('marketingSuite', campaignItem);
	return {
		n8n: {
			url: stack.urls.n8n,
			email: stack.secrets.n8n.ownerEmail,
			password: stack.secrets.n8n.ownerPassword,
		},
		...{ executionUrl, tookMs, inboxUrl: stack.urls.inbox },
		product: await services.product(launch.product.id),
		competitors: scrapeId === undefined ? undefined : await services.scrape(scrapeId),
		video: taskId === undefined ? undefined : await videoOf(stack, services, taskId),
		campaign:
			campaignId === undefined
				? undefined
				: { id: campaignId, ...(await services.analytics(campaignId)) },
		steps: stepTimes(execution.runs),
	};
}

/**
 * How long each step took from the end of the one before. n8n itself counts only the time it computes, and begins to
 * count anew when a node has waited: one that waited a minute for a service has 3 ms to its name.
 */
export function stepTimes(
	runs: Pick<NodeRun, 'node' | 'startedAt' | 'endedAt'>[],
): LaunchSummary['steps'] {
	let before = runs[0]?.startedAt ?? 0;
	return runs.map(({ node, endedAt }) => {
		const ms = Math.max(0, endedAt - before);
		before = Math.max(before, endedAt);
		return { node, ms };
	});
}

// What tells a scrape, a video task and a campaign from other items that pass through the same kind of node.
const scrapeItem = z
	.looseObject({ id: z.string(), results: z.array(z.unknown()) })
	.transform(({ id }) => id);
const taskItem = z.looseObject({ task_id: z.string() }).transform(({ task_id }) => task_id);
const campaignItem = z
	.looseObject({ id: z.string(), status: z.string(), audience: z.unknown() })
	.transform(({ id }) => id);

async function videoOf(stack: RunningStack, services: LaunchServices, taskId: string) {
	const task = await services.videoTask(taskId);
	const [file] = globSync(`video-factory/**/*${taskId}*/**/*.mp4`, { cwd: stack.layout.storage });
	return { ...task, file: file === undefined ? undefined : path.join(stack.layout.storage, file) };
}

export function printSummary(summary: LaunchSummary): void {
	const { n8n, product, competitors, video, campaign } = summary;
	print();
	print(
		colour('bold', `${product.title} is launched`) +
			colour('dim', `  in ${duration(summary.tookMs)}`),
	);
	section('n8n', [
		['editor', colour('cyan', n8n.url), `${n8n.email}  ${n8n.password}`],
		['execution', colour('cyan', summary.executionUrl), ''],
	]);
	if (competitors !== undefined) printCompetitors(competitors, product);
	if (video?.video) {
		const { url, durationSeconds, width, height, sizeBytes } = video.video;
		section('Video', [
			['watch', colour('cyan', url)],
			...(video.file === undefined ? [] : [['file', video.file]]),
			['', `${durationSeconds.toFixed(1)} s, ${width}x${height}, ${size(sizeBytes)}`],
		]);
	}
	if (campaign !== undefined) {
		const { audience, sent, failed, suppressed, opened, clicked } = campaign;
		section('Campaign', [
			['recipients', `${audience}, delivered ${sent}, failed ${failed}, suppressed ${suppressed}`],
			['so far', `opened ${opened.unique}, clicked ${clicked.unique}`],
			...(summary.inboxUrl === undefined ? [] : [['inbox', colour('cyan', summary.inboxUrl)]]),
		]);
	}
	section(
		'Steps',
		summary.steps.map(({ node, ms }) => [node, duration(ms)]),
	);
}

function printCompetitors({ results, summary }: Scrape, product: Product): void {
	const rows = (results ?? []).map(({ url, status, product: found, renderedBy, diagnosis }) => [
		found?.name ?? new URL(url).pathname,
		found?.price ? price(found.price) : colour('dim', '-'),
		diagnosis === undefined || diagnosis === null
			? colour('dim', `${found?.availability ?? ''} ${renderedBy ?? ''}`.trim())
			: colour('yellow', `${status}: ${diagnosis.code}`),
	]);
	section('Competitors', rows);
	const own = product.variants[0]?.price;
	const advice = adviceText(product.attributes);
	const { lowest, median, highest, currency } = summary ?? {};
	const range =
		lowest && highest && currency
			? [
					[
						'market',
						`${price({ amount: lowest, currency })} to ${price({ amount: highest, currency })}${median ? `, median ${price({ amount: median, currency })}` : ''}`,
					],
				]
			: [];
	section('Price', [
		...(own === undefined ? [] : [['ours', price(own)]]),
		...range,
		...(advice === undefined ? [] : [['advice', colour('bold', advice)]]),
	]);
}

const advised = z.looseObject({
	priceAdvice: z.union([
		z.string(),
		z.looseObject({ text: z.string() }).transform(({ text }) => text),
	]),
});

function adviceText(attributes: Product['attributes']): string | undefined {
	return advised.safeParse(attributes).data?.priceAdvice;
}

/** A titled table; nothing when it has no rows. */
export function section(title: string, rows: string[][]): void {
	if (rows.length === 0) return;
	print();
	print(colour('bold', title));
	printTable(rows);
}

export function price({ amount, currency }: { amount: number; currency: string }): string {
	const format = new Intl.NumberFormat('en', { style: 'currency', currency });
	const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
	return format.format(amount / 10 ** digits);
}
