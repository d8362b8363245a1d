/** Colours of n8n's canvas, converted to sRGB (facts, measured in the editor of n8n 2.41). */
export interface Theme {
	name: 'light' | 'dark';
	canvas: string;
	dot: string;
	node: string;
	nodeBorder: string;
	disabledBorder: string;
	strike: string;
	text: string;
	subtitle: string;
	portLabel: string;
	inputLabel: string;
	/** Behind labels of ports, over the edges. */
	labelBack: string;
	icon: string;
	stickyText: string;
	stickyLink: string;
	code: string;
	codeBack: string;
	rule: string;
	groupFrame: string;
	groupTitle: string;
	groupText: string;
	stickies: readonly { fill: string; border: string }[];
	added: string;
	removed: string;
	changed: string;
}

export type ThemeName = Theme['name'];

export const LIGHT: Theme = {
	name: 'light',
	canvas: '#f5f5f5',
	dot: '#c4c4c4',
	node: '#ffffff',
	nodeBorder: 'rgba(0,0,0,.1)',
	disabledBorder: '#e5e5e5',
	strike: '#e0e0e0',
	text: '#262626',
	subtitle: '#999999',
	portLabel: '#737373',
	inputLabel: '#999999',
	labelBack: 'rgba(245,245,245,.85)',
	icon: '#323232',
	stickyText: '#2b2b2b',
	stickyLink: '#262626',
	code: '#7f22fe',
	codeBack: '#f5f5f5',
	rule: '#f0f0f0',
	groupFrame: 'rgba(0,0,0,.05)',
	groupTitle: '#ffffff',
	groupText: '#444444',
	stickies: [
		{ fill: '#fef9c2', border: '#fff085' },
		{ fill: '#f7e3c4', border: '#efc381' },
		{ fill: '#ffe2e2', border: '#ffb8b8' },
		{ fill: '#dcfce7', border: '#7bf1a8' },
		{ fill: '#dbeafe', border: '#bedbff' },
		{ fill: '#ddd6ff', border: '#c4b4ff' },
		{ fill: '#f5f5f5', border: '#e5e5e5' },
	],
	added: '#16a34a',
	removed: '#dc2626',
	changed: '#d97706',
};

export const DARK: Theme = {
	name: 'dark',
	canvas: '#171717',
	dot: '#2e2e2e',
	node: '#2b2b2b',
	nodeBorder: 'rgba(255,255,255,.2)',
	disabledBorder: '#4a4a4a',
	strike: '#444444',
	text: '#ffffff',
	subtitle: '#bbbbbb',
	portLabel: '#999999',
	inputLabel: '#999999',
	labelBack: 'rgba(23,23,23,.85)',
	icon: '#e5e5e5',
	stickyText: '#f5f5f5',
	stickyLink: '#ffffff',
	code: '#c4b4ff',
	codeBack: 'rgba(237,237,237,.1)',
	rule: 'rgba(255,255,255,.14)',
	groupFrame: 'rgba(255,255,255,.1)',
	groupTitle: '#262626',
	groupText: '#e5e5e5',
	stickies: [
		{ fill: '#733e0a', border: '#894b00' },
		{ fill: '#2d1d06', border: '#63410d' },
		{ fill: '#460809', border: '#82181a' },
		{ fill: '#032e15', border: '#0d542b' },
		{ fill: '#1c398e', border: '#193cb8' },
		{ fill: '#2f0d68', border: '#5d0ec0' },
		{ fill: '#262626', border: '#323232' },
	],
	added: '#22c55e',
	removed: '#f87171',
	changed: '#f59e0b',
};

export function themeOf(name: ThemeName): Theme {
	return name === 'dark' ? DARK : LIGHT;
}

/**
 * The editor makes lines stronger the further one zooms out. A picture is mostly seen smaller than
 * its natural size, so the same is done for the zoom at which it is about 1,200 pixels wide.
 */
export function lineColours(theme: Theme, width: number): { edge: string; port: string } {
	const zoom = Math.min(1, Math.max(0.4, 1200 / Math.max(1, width)));
	const far = 1 / zoom - 1;
	return theme.name === 'light'
		? { edge: grey(0.84 - 0.085 * far), port: grey(0.68 - 0.135 * far) }
		: { edge: grey(0.42 + 0.085 * far), port: grey(0.5 + 0.071 * far) };
}

/** A grey of a lightness of OKLab as sRGB. */
function grey(lightness: number): string {
	const linear = lightness ** 3;
	const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
	const hex = Math.round(value * 255)
		.toString(16)
		.padStart(2, '0');
	return `#${hex}${hex}${hex}`;
}
