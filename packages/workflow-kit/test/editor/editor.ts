import type { Browser, Page } from 'playwright-core';
import type { JsonObject } from '../../src/model/json.ts';

/** What the editor of a running n8n shows, in canvas coordinates. */
export interface Shown {
	nodes: ShownNode[];
	edges: ShownEdge[];
}

export interface ShownNode {
	name: string;
	box: Rectangle;
	ports: { handle: string; x: number; y: number }[];
}

export interface ShownEdge {
	source: string;
	target: string;
	/** outputs/main/0 and inputs/main/0 */
	from: string;
	to: string;
	/** Points along the line, at even shares of its length. */
	points: { x: number; y: number }[];
}

export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface Access {
	url: string;
	email: string;
	password: string;
}

export const SAMPLES = 24;

/** A page of the editor, logged in. */
export async function openEditor(
	browser: Browser,
	access: Access,
	{
		theme,
		width = 2000,
		height = 1300,
	}: { theme: 'light' | 'dark'; width?: number; height?: number },
): Promise<Page> {
	const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
	const response = await context.request.post(`${access.url}/rest/login`, {
		data: { emailOrLdapLoginId: access.email, password: access.password },
	});
	if (!response.ok()) throw new Error(`n8n refuses the login: ${response.status()}`);
	const page = await context.newPage();
	await page.addInitScript((name) => {
		localStorage.setItem('N8N_THEME', name);
	}, theme);
	return page;
}

export async function importWorkflow(page: Page, url: string, source: JsonObject): Promise<string> {
	const { nodes, connections, settings, name } = source;
	const response = await page.context().request.post(`${url}/rest/workflows`, {
		data: {
			name: `compare ${String(name)}`.slice(0, 120),
			nodes,
			connections,
			settings: settings ?? {},
		},
	});
	const body: unknown = await response.json();
	const id: unknown = Reflect.get(Object(Reflect.get(Object(body), 'data')), 'id');
	if (typeof id !== 'string')
		throw new Error(`n8n refuses the workflow: ${JSON.stringify(body).slice(0, 300)}`);
	return id;
}

export async function deleteWorkflow(page: Page, url: string, id: string): Promise<void> {
	await page.context().request.post(`${url}/rest/workflows/${id}/archive`, { data: {} });
	await page.context().request.delete(`${url}/rest/workflows/${id}`);
}

export async function showWorkflow(page: Page, url: string, id: string): Promise<void> {
	await page.goto(`${url}/workflow/${id}`);
	await page.waitForSelector('.vue-flow__node', { timeout: 60_000 });
	// The canvas moves while it fits itself into the window; two equal looks say that it rests.
	await page.waitForFunction(
		() => {
			const pane = document.querySelector('.vue-flow__transformationpane');
			const count = document.querySelectorAll('.vue-flow__edge path, .vue-flow__handle').length;
			const now = `${pane instanceof HTMLElement ? pane.style.transform : ''} ${count}`;
			const before: unknown = Reflect.get(window, 'lastLook');
			Reflect.set(window, 'lastLook', now);
			return before === now;
		},
		undefined,
		{ polling: 1_000, timeout: 60_000 },
	);
	await page.keyboard.press('1');
	await page.waitForTimeout(1_000);
}

/** Reads boxes, ports and lines out of the page. */
export function readCanvas(page: Page): Promise<Shown> {
	return page.evaluate((samples) => {
		const pane = document.querySelector('.vue-flow__transformationpane');
		if (pane === null) throw new Error('There is no canvas.');
		const matrix = new DOMMatrix(getComputedStyle(pane).transform);
		const origin = (pane.parentElement ?? pane).getBoundingClientRect();
		const rectangle = (element: Element) => {
			const box = element.getBoundingClientRect();
			return {
				x: (box.x - origin.x - matrix.e) / matrix.a,
				y: (box.y - origin.y - matrix.f) / matrix.a,
				width: box.width / matrix.a,
				height: box.height / matrix.a,
			};
		};
		const nodes = [...document.querySelectorAll('.vue-flow__node-canvas-node')].map((element) => {
			const ports = [...element.querySelectorAll('.vue-flow__handle')].flatMap((handle) => {
				const dot = handle.querySelector('[class*="_dot_"], [class*="_diamond_"]');
				if (dot === null) return [];
				const box = rectangle(dot);
				return [
					{
						handle: handle.getAttribute('data-handleid') ?? '',
						x: box.x + box.width / 2,
						y: box.y + box.height / 2,
					},
				];
			});
			const named = element.querySelector('[data-node-name]');
			return { name: named?.getAttribute('data-node-name') ?? '', box: rectangle(element), ports };
		});
		const edges = [...document.querySelectorAll('.vue-flow__edge')].flatMap((element) => {
			const named = element.querySelector('[data-source-node-name]');
			const ends = /\/(outputs\/[^\]]+)\]\[[^\]]*\/(inputs\/[^\]]+)\]$/.exec(
				element.getAttribute('data-id') ?? '',
			);
			if (named === null || ends === null) return [];
			const points = [...element.querySelectorAll('path.vue-flow__edge-path')].flatMap((path) => {
				if (!(path instanceof SVGPathElement)) return [];
				const length = path.getTotalLength();
				return Array.from({ length: samples + 1 }, (_, index) => {
					const { x, y } = path.getPointAtLength((length * index) / samples);
					return { x, y };
				});
			});
			return [
				{
					source: named.getAttribute('data-source-node-name') ?? '',
					target: named.getAttribute('data-target-node-name') ?? '',
					from: ends[1] ?? '',
					to: ends[2] ?? '',
					points,
				},
			];
		});
		return { nodes, edges };
	}, SAMPLES);
}

/** The same points along our own lines: the browser measures both. */
export function samplePaths(page: Page, paths: string[][]): Promise<{ x: number; y: number }[][]> {
	return page.evaluate(
		({ all, samples }) =>
			all.map((segments) =>
				segments.flatMap((d) => {
					const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
					path.setAttribute('d', d);
					const length = path.getTotalLength();
					return Array.from({ length: samples + 1 }, (_, index) => {
						const { x, y } = path.getPointAtLength((length * index) / samples);
						return { x, y };
					});
				}),
			),
		{ all: paths, samples: SAMPLES },
	);
}
