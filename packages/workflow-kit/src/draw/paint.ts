import type { Icon } from './icons.ts';
import { escape, num } from './text.ts';
import type { Theme } from './theme.ts';

/** What is written so far, and the symbols that were used. */
export class Paint {
	readonly theme: Theme;
	private parts = '';
	private readonly symbols = new Map<string, string>();

	constructor(theme: Theme) {
		this.theme = theme;
	}

	add(svg: string): void {
		this.parts += svg;
	}

	/** An icon in a square of `size` around a point. */
	icon(icon: Icon, at: { x: number; y: number; size: number; colour?: string }): void {
		const colour = at.colour ?? icon.colour;
		const size = at.size * icon.scale;
		const [x, y] = [at.x - size / 2, at.y - size / 2];
		if (icon.letters !== undefined) {
			const side = size * 0.85;
			this.add(
				`<rect x="${num(at.x - side / 2)}" y="${num(at.y - side / 2)}" width="${num(side)}" height="${num(side)}" rx="${num(side / 5)}" fill="${colour}"/>` +
					`<text x="${num(at.x)}" y="${num(at.y + side * 0.165)}" font-size="${num(side * (icon.letters.length > 2 ? 0.36 : 0.46))}" font-weight="600" text-anchor="middle" fill="#fff">${escape(icon.letters)}</text>`,
			);
			return;
		}
		this.symbols.set(icon.id, icon.symbol);
		this.add(
			`<use href="#${icon.id}" x="${num(x)}" y="${num(y)}" width="${num(size)}" height="${num(size)}" color="${colour}"/>`,
		);
	}

	body(): string {
		return this.parts;
	}

	definitions(): string {
		let definitions = '';
		for (const [id, symbol] of this.symbols)
			// Without overflow each use would be clipped, which costs a rasteriser a mask of the whole picture.
			definitions += `<symbol id="${id}" viewBox="0 0 24 24" overflow="visible">${symbol}</symbol>`;
		return definitions;
	}
}
