/** A letter in units of the font: how far it moves the pen, and its outline relative to the pen. */
export interface Letter {
	advance: number;
	/** Relative path commands, y downwards; '' for blanks. */
	outline: string;
}

export interface FontFile {
	unitsPerEm: number;
	/** Of a code point; what the font does not have is its box for missing characters. */
	letter(code: number): Letter;
	has(code: number): boolean;
}

interface Point {
	x: number;
	y: number;
	on: boolean;
}

const MAX_PARTS = 8;

/**
 * Reads a TrueType font: cmap (format 4), hmtx, loca, glyf.
 * https://learn.microsoft.com/typography/opentype/spec/otff
 */
export function readFont(bytes: Uint8Array): FontFile {
	const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tables = readTables(font);
	const table = (name: string): number => {
		const at = tables.get(name);
		if (at === undefined) throw new Error(`The font has no table ${name}.`);
		return at;
	};
	const [head, hmtx, loca, glyf] = [table('head'), table('hmtx'), table('loca'), table('glyf')];
	const unitsPerEm = font.getUint16(head + 18);
	const longOffsets = font.getInt16(head + 50) === 1;
	const longMetrics = font.getUint16(table('hhea') + 34);
	const glyphOf = readCharacterMap(font, table('cmap'));
	const letters = new Map<number, Letter>();

	const offset = (glyph: number) =>
		longOffsets ? font.getUint32(loca + glyph * 4) : font.getUint16(loca + glyph * 2) * 2;
	const contours = (glyph: number, depth = 0): Point[][] => {
		const [start, end] = [offset(glyph), offset(glyph + 1)];
		if (start === end || depth > MAX_PARTS) return [];
		const at = glyf + start;
		const count = font.getInt16(at);
		return count >= 0 ? simpleContours(font, at, count) : compound(at + 10, depth);
	};
	const compound = (start: number, depth: number): Point[][] => {
		const found: Point[][] = [];
		let at = start;
		for (let flags = 0x20; (flags & 0x20) !== 0;) {
			flags = font.getUint16(at);
			const glyph = font.getUint16(at + 2);
			at += 4;
			const words = (flags & 1) !== 0;
			const dx = words ? font.getInt16(at) : font.getInt8(at);
			const dy = words ? font.getInt16(at + 2) : font.getInt8(at + 1);
			at += words ? 4 : 2;
			let [xx, xy, yx, yy] = [1, 0, 0, 1];
			const share = () => {
				at += 2;
				return font.getInt16(at - 2) / 16_384;
			};
			if ((flags & 8) !== 0) xx = yy = share();
			else if ((flags & 0x40) !== 0) [xx, yy] = [share(), share()];
			else if ((flags & 0x80) !== 0) [xx, xy, yx, yy] = [share(), share(), share(), share()];
			for (const contour of contours(glyph, depth + 1))
				found.push(
					contour.map(({ x, y, on }) => ({ x: x * xx + y * yx + dx, y: x * xy + y * yy + dy, on })),
				);
		}
		return found;
	};

	return {
		unitsPerEm,
		has: (code) => glyphOf(code) !== 0,
		letter(code) {
			let letter = letters.get(code);
			if (letter === undefined) {
				const glyph = glyphOf(code);
				const advance = font.getUint16(hmtx + Math.min(glyph, longMetrics - 1) * 4);
				letter = { advance, outline: outlineOf(contours(glyph)) };
				letters.set(code, letter);
			}
			return letter;
		},
	};
}

function readTables(font: DataView): Map<string, number> {
	const tables = new Map<string, number>();
	for (let index = 0; index < font.getUint16(4); index++) {
		const at = 12 + index * 16;
		const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => font.getUint8(at + byte)));
		tables.set(name, font.getUint32(at + 8));
	}
	return tables;
}

function readCharacterMap(font: DataView, cmap: number): (code: number) => number {
	let table = 0;
	for (let index = 0; index < font.getUint16(cmap + 2); index++) {
		const at = cmap + font.getUint32(cmap + 4 + index * 8 + 4);
		if (font.getUint16(at) === 4) table = at;
	}
	if (table === 0) throw new Error('The font has no character map of format 4.');
	const segments = font.getUint16(table + 6) / 2;
	return (code) => {
		if (code > 0xffff) return 0;
		for (let index = 0; index < segments; index++) {
			if (code > font.getUint16(table + 14 + index * 2)) continue;
			const startAt = table + 16 + segments * 2 + index * 2;
			const start = font.getUint16(startAt);
			if (code < start) return 0;
			const delta = font.getInt16(startAt + segments * 2);
			const offsetAt = startAt + segments * 4;
			const offset = font.getUint16(offsetAt);
			if (offset === 0) return (code + delta) & 0xffff;
			const found = font.getUint16(offsetAt + offset + (code - start) * 2);
			return found === 0 ? 0 : (found + delta) & 0xffff;
		}
		return 0;
	};
}

function simpleContours(font: DataView, start: number, count: number): Point[][] {
	let at = start + 10;
	const ends = Array.from({ length: count }, (_, index) => font.getUint16(at + index * 2));
	at += count * 2;
	at += 2 + font.getUint16(at);
	const total = (ends.at(-1) ?? -1) + 1;
	const flags: number[] = [];
	while (flags.length < total) {
		const flag = font.getUint8(at++);
		let times = (flag & 8) !== 0 ? font.getUint8(at++) + 1 : 1;
		while (times-- > 0) flags.push(flag);
	}
	const coordinates = (short: number, same: number): number[] => {
		let value = 0;
		return flags.slice(0, total).map((flag) => {
			if ((flag & short) !== 0)
				value += (flag & same) !== 0 ? font.getUint8(at++) : -font.getUint8(at++);
			else if ((flag & same) === 0) {
				value += font.getInt16(at);
				at += 2;
			}
			return value;
		});
	};
	const xs = coordinates(2, 16);
	const ys = coordinates(4, 32);
	let from = 0;
	return ends.map((end) => {
		const contour: Point[] = [];
		for (let index = from; index <= end; index++)
			contour.push({ x: xs[index] ?? 0, y: ys[index] ?? 0, on: ((flags[index] ?? 0) & 1) !== 0 });
		from = end + 1;
		return contour;
	});
}

/** Quadratic curves; between two control points lies an unwritten point. */
function outlineOf(contours: readonly Point[][]): string {
	let path = '';
	let pen = { x: 0, y: 0 };
	const to = ({ x, y }: { x: number; y: number }) =>
		`${Math.round(x - pen.x)} ${Math.round(pen.y - y)}`;
	for (const contour of contours) {
		const points = fromOnCurve(contour);
		const [start] = points;
		if (start === undefined) continue;
		path += `m${to(start)}`;
		const home = rounded(start);
		pen = home;
		for (let index = 1; index <= points.length; index++) {
			const point = points[index % points.length] ?? start;
			if (point.on) {
				if (index < points.length) path += `l${to(point)}`;
				pen = rounded(point);
				continue;
			}
			const next = points[(index + 1) % points.length] ?? start;
			const end = next.on ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
			path += `q${to(point)} ${to(end)}`;
			pen = rounded(end);
			if (next.on) index++;
		}
		path += 'z';
		pen = home;
	}
	return path;
}

function rounded({ x, y }: { x: number; y: number }): { x: number; y: number } {
	return { x: Math.round(x), y: Math.round(y) };
}

/** A contour may begin anywhere; here it begins with a point on the line. */
function fromOnCurve(contour: Point[]): Point[] {
	const first = contour.findIndex(({ on }) => on);
	if (first >= 0) return [...contour.slice(first), ...contour.slice(0, first)];
	const [a, b] = [contour[0], contour.at(-1)];
	if (a === undefined || b === undefined) return [];
	return [{ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true }, ...contour];
}
