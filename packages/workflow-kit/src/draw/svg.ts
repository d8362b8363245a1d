import type { Workflow } from '../model/model.ts';
import { layOut } from './geometry.ts';
import type { Box } from './layout.ts';
import { Paint } from './paint.ts';
import { paintScene } from './scene.ts';
import { cleanLine, escape, num } from './text.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';

export interface DrawOptions {
	theme?: ThemeName;
	/** canvas: n8n's ground with its dots; plain: without dots; none: transparent. */
	background?: 'canvas' | 'plain' | 'none';
}

const MARGIN = 32;
/** Of width and height; beyond it the picture is scaled. */
const MAX_SIZE = 32_000;
export const FONT = "Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";

/**
 * A workflow as n8n's editor shows it, as an SVG that stands alone: no scripts, links, styles,
 * foreign objects or pictures from elsewhere. The same workflow always gives the same bytes.
 */
export function drawSvg(workflow: Workflow, options: DrawOptions = {}): string {
	const theme = themeOf(options.theme ?? 'light');
	const layout = layOut(workflow);
	const paint = new Paint(theme);
	paintScene(paint, layout);
	const { x, y, width, height } = layout.bounds;
	const view = {
		x: x - MARGIN,
		y: y - MARGIN,
		width: width + 2 * MARGIN,
		height: height + 2 * MARGIN,
	};
	const title = cleanLine(workflow.name, 200);
	return svgDocument(paint, view, {
		title: title === '' ? 'Workflow' : title,
		background: options.background ?? 'canvas',
	});
}

export function svgDocument(
	paint: Paint,
	view: Box,
	{ title, background }: { title: string; background: 'canvas' | 'plain' | 'none' },
): string {
	const scale = Math.min(1, MAX_SIZE / view.width, MAX_SIZE / view.height);
	const { theme } = paint;
	return (
		`<svg xmlns="http://www.w3.org/2000/svg" width="${num(view.width * scale)}" height="${num(view.height * scale)}" ` +
		`viewBox="${num(view.x)} ${num(view.y)} ${num(view.width)} ${num(view.height)}" role="img" ` +
		`font-family="${FONT}" font-size="14"><title>${escape(title)}</title>` +
		`<defs>${paint.definitions()}${background === 'canvas' ? dots(theme) : ''}</defs>` +
		ground(theme, view, background) +
		`${paint.body()}</svg>\n`
	);
}

function dots(theme: Theme): string {
	return `<pattern id="dots" width="16" height="16" patternUnits="userSpaceOnUse"><circle cx="8" cy="8" r=".8" fill="${theme.dot}"/></pattern>`;
}

function ground(theme: Theme, view: Box, background: 'canvas' | 'plain' | 'none'): string {
	if (background === 'none') return '';
	const rect = (fill: string) =>
		`<rect x="${num(view.x)}" y="${num(view.y)}" width="${num(view.width)}" height="${num(view.height)}" fill="${fill}"/>`;
	return rect(theme.canvas) + (background === 'canvas' ? rect('url(#dots)') : '');
}
