import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export interface Size {
	width: number;
	height: number;
}

/** A planar 4:2:0 picture with eight bits; sides are even. */
export interface Planar extends Size {
	bytes: Uint8Array;
}

/** Part of a picture in its pixels; may begin and end between two. */
export interface Window extends Size {
	x: number;
	y: number;
}

export interface Resampler {
	/**
	 * Draws windows of the pictures, one above the other, as one tall 4:2:0 frame. The bytes are
	 * overwritten by the third call after this one.
	 */
	draw(windows: readonly Window[]): Uint8Array;
}

type Resample = (
	...at: [
		...[plane: number, stride: number, span: number, rows: number, height: number],
		...[columns: number, groups: number, line: number, out: number, width: number],
	]
) => void;

/** Frames that are kept: one is being written out, one waits, one is drawn. */
const FRAMES_KEPT = 3;
const PAGE = 65_536;
/** The program reads and writes 16 bytes at a time and may touch some behind the end. */
const SLACK = 64;

const bytesOfProgram = readFile(new URL('resample.wasm', import.meta.url));
/** Compiled once for all: the code that V8 makes of it, slow and then fast, belongs to the module. */
const program = bytesOfProgram.then((bytes) => WebAssembly.compile(bytes));

/** Stands for the program: another one draws other frames. */
export async function resamplerFingerprint(): Promise<string> {
	return createHash('sha256')
		.update(await bytesOfProgram)
		.digest('hex')
		.slice(0, 16);
}

/** Prepares to draw windows of `pictures`, each scaled to `frame`. Holds them in its own memory. */
export async function createResampler(
	pictures: readonly Planar[],
	frame: Size,
): Promise<Resampler> {
	const { memory, resample } = (await WebAssembly.instantiate(await program)).exports;
	if (!(memory instanceof WebAssembly.Memory) || typeof resample !== 'function') {
		throw new Error('resample.wasm is not the program it should be: compile it again');
	}
	const run = resample as Resample;

	let end = 0;
	const reserve = (bytes: number) => {
		const at = end;
		end += Math.ceil((bytes + SLACK) / 16) * 16;
		return at;
	};
	const sources = pictures.map((picture) => ({ ...picture, at: reserve(picture.bytes.length) }));
	const frameBytes = sizeOf(frame) * pictures.length;
	const frames = Array.from({ length: FRAMES_KEPT }, () => reserve(frameBytes));
	const rows = reserve(frame.height * 4);
	const columns = reserve(Math.ceil(frame.width / 8) * 48);
	const line = reserve(Math.max(...pictures.map(({ width }) => width)));
	memory.grow(Math.ceil(end / PAGE));
	const bytes = new Uint8Array(memory.buffer);
	const view = new DataView(memory.buffer);
	for (const { at, bytes: pixels, width, height } of sources) {
		if (pixels.length !== sizeOf({ width, height })) {
			throw new RangeError(
				`A 4:2:0 picture of ${width}x${height} has not ${pixels.length} bytes: remove it from the cache`,
			);
		}
		bytes.set(pixels, at);
	}

	const drawPlane = (from: Size & { at: number }, to: Size & { at: number }, window: Window) => {
		const place = placer(window.x, window.width / to.width, from.width);
		const first = place(0) >> 8;
		const groups = Math.ceil(to.width / 8);
		let span = 0;
		for (let group = 0; group < groups; group++) {
			// The last eight overlap those before them when the width is not a multiple of eight.
			const x = Math.min(group * 8, to.width - 8);
			const at = columns + group * 48;
			const base = (place(x) >> 8) - first;
			view.setInt32(at, base, true);
			view.setInt32(at + 4, x, true);
			for (let index = 0; index < 8; index++) {
				const position = place(x + index);
				const left = (position >> 8) - first - base;
				bytes[at + 16 + index] = left;
				bytes[at + 24 + index] = left + 1;
				view.setInt16(at + 32 + index * 2, position & 255, true);
				span = base + left + 2;
			}
		}
		const placeRow = placer(window.y, window.height / to.height, from.height);
		for (let y = 0; y < to.height; y++) view.setInt32(rows + y * 4, placeRow(y), true);
		run(
			...[from.at + first, from.width, span, rows, to.height],
			...[columns, groups, line, to.at, to.width],
		);
	};

	let drawn = 0;
	return {
		draw(windows) {
			const start = frames[drawn++ % FRAMES_KEPT] ?? 0;
			for (const [index, source] of sources.entries()) {
				const window = windows[index];
				if (!window) throw new RangeError('A window for each picture');
				checkWindow(window, frame);
				// All brightness stands before all colour: the frame is one tall picture.
				const luma = frame.width * frame.height;
				drawPlane(source, { ...frame, at: start + index * luma }, window);
				const half = { width: frame.width / 2, height: frame.height / 2 };
				const small = halved(window);
				for (const plane of [0, 1]) {
					const from = source.width * source.height * (1 + plane / 4);
					const to = luma * sources.length * (1 + plane / 4) + (index * luma) / 4;
					drawPlane(
						{ at: source.at + from, width: source.width / 2, height: source.height / 2 },
						{ ...half, at: start + to },
						small,
					);
				}
			}
			return bytes.subarray(start, start + frameBytes);
		},
	};
}

/** Where in a line of `size` pixels the middle of pixel `index` falls, in 256ths. */
function placer(start: number, step: number, size: number): (index: number) => number {
	const most = (size - 1) * 256 - 1;
	return (index) =>
		Math.min(most, Math.max(0, Math.round((start + (index + 0.5) * step - 0.5) * 256)));
}

function checkWindow(window: Window, frame: Size): void {
	// Eight pixels are gathered out of sixteen.
	if (window.width > frame.width * 1.8) {
		throw new RangeError('The window is too wide: scale the picture down before');
	}
}

function halved({ x, y, width, height }: Window): Window {
	return { x: x / 2, y: y / 2, width: width / 2, height: height / 2 };
}

function sizeOf({ width, height }: Size): number {
	return (width * height * 3) / 2;
}
