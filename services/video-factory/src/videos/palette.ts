/** Colours of one video as #rrggbb. All were chosen to carry white type, `accent` to stand out. */
export interface Palette {
	dark: string;
	deep: string;
	mid: string;
	accent: string;
	/** Type on `accent`. */
	onAccent: string;
}

/** The colours of a picture (raw RGB bytes): its most present saturated hue decides. */
export function paletteOf(pixels: Uint8Array, seed: string): Palette {
	const weights = new Float64Array(36);
	let total = 0;
	for (let at = 0; at + 2 < pixels.length; at += 3) {
		const [hue, saturation, lightness] = toHsl(
			pixels[at] ?? 0,
			pixels[at + 1] ?? 0,
			pixels[at + 2] ?? 0,
		);
		// Near black and near white have a hue but nobody sees it.
		const weight = saturation ** 2 * (1 - Math.abs(2 * lightness - 1));
		const bin = Math.floor(hue / 10) % 36;
		weights[bin] = (weights[bin] ?? 0) + weight;
		total += weight;
	}
	if (total < pixels.length / 3 / 200) return paletteFor(seed);
	return build(weights.indexOf(Math.max(...weights)) * 10 + 5);
}

/** The same words give the same colours. */
export function paletteFor(seed: string): Palette {
	let hash = 7;
	for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
	const hues = [222, 262, 168, 338, 18, 200, 286];
	return build(hues[hash % hues.length] ?? 222);
}

function build(hue: number): Palette {
	// Darkened yellows turn olive: a warm picture gets its colour as accent on ink blue instead.
	const warm = hue >= 22 && hue < 100;
	const base = warm ? 224 : hue;
	const accent = warm
		? fromHsl(Math.min(50, Math.max(34, hue)), 0.97, 0.6)
		: fromHsl(base >= 130 && base < 290 ? 44 : 48, 0.97, 0.61);
	return {
		dark: fromHsl(base, 0.45, 0.07),
		deep: fromHsl(base, 0.5, 0.13),
		mid: fromHsl((base + 10) % 360, 0.44, 0.34),
		accent,
		onAccent: '#10121a',
	};
}

function toHsl(red: number, green: number, blue: number): [number, number, number] {
	const r = red / 255;
	const g = green / 255;
	const b = blue / 255;
	const max = Math.max(r, g, b);
	const min = Math.min(r, g, b);
	const lightness = (max + min) / 2;
	const spread = max - min;
	if (spread === 0) return [0, 0, lightness];
	const saturation = spread / (1 - Math.abs(2 * lightness - 1) || 1);
	const sector =
		max === r
			? ((g - b) / spread + 6) % 6
			: max === g
				? (b - r) / spread + 2
				: (r - g) / spread + 4;
	return [sector * 60, Math.min(1, saturation), lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
	const chroma = saturation * Math.min(lightness, 1 - lightness);
	const channel = (offset: number) => {
		const k = (offset + hue / 30) % 12;
		const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
		return Math.round(value * 255)
			.toString(16)
			.padStart(2, '0');
	};
	return `#${channel(0)}${channel(8)}${channel(4)}`;
}
