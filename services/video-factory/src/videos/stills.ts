import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../adapters/ffmpeg.ts';
import { assColour, roundedBox } from './ass.ts';
import { keyOf, type Cache } from './cache.ts';
import type { Frame } from './frame.ts';
import type { Palette } from './palette.ts';
import type { Size } from './resample.ts';

/** A picture the caller gave, fetched and checked. */
export interface Picture {
	file: string;
	/** sha256 of its bytes. */
	hash: string;
	/** Demuxer to open it with: guessing could make a play list of a "picture". */
	demuxer: string;
	width: number;
	height: number;
}

/**
 * A prepared picture of frame size (or larger) in the cache: raw planar 4:2:0 of BT.709. As PNG it
 * took 0.3 CPU s to pack and 0.1 to unpack each time, and its colours were converted at each use.
 */
export interface Still extends Size {
	file: string;
	/** The cache key: stands for the content. */
	hash: string;
}

/**
 * How a picture fills the frame: `cover` crops it, `framed` shows all of it in a rounded frame
 * over its own blur, `spot` the same over the palette's colours and higher up (price scene),
 * `blur` is nothing but the picture's blur, with room to drift: a ground for large type.
 */
export type StillLayout = 'cover' | 'framed' | 'spot' | 'blur';

export interface StillMaker {
	ffmpeg: Ffmpeg;
	engine: string;
	cache: Cache;
	/** Temporary folder of the job. */
	folder: string;
	/** What is under way, by key: scenes that share a picture wait for the same one. */
	making: Map<string, Promise<Still>>;
	signal?: AbortSignal | undefined;
}

/** Cropping more than this share of a picture would cut the product off. */
const MOST_CROPPED = 0.34;

export function layoutFor(picture: Picture, frame: Frame): 'cover' | 'framed' {
	const scale = Math.max(frame.width / picture.width, frame.height / picture.height);
	const shown = (frame.width * frame.height) / (picture.width * picture.height * scale * scale);
	// Small pictures are framed too: blown up over the whole frame they would be soft.
	return 1 - shown > MOST_CROPPED || scale > 2.2 ? 'framed' : 'cover';
}

/** Average colours of a picture as raw RGB, 32x32. */
export async function samplePixels(picture: Picture, maker: StillMaker): Promise<Uint8Array> {
	const key = keyOf(['pixels', maker.engine, picture.hash]);
	const known = await maker.cache.find(key, 'rgb');
	if (known) return readFile(known);
	const made = await maker.cache.store(key, 'rgb', async (part) => {
		await maker.ffmpeg.run({
			inputs: [{ source: picture.file, options: ['-f', picture.demuxer] }],
			graph: '[0:v]scale=32:32:flags=area,format=rgb24[o]',
			outputOptions: ['-map', '[o]', '-frames:v', '1', '-f', 'rawvideo'],
			output: part,
			cwd: maker.folder,
			timeLimitMs: 20_000,
			signal: maker.signal,
		});
	});
	return readFile(made);
}

/** Composes one frame from a picture. Scrims for the type are part of it: they cost nothing then. */
export async function makeStill(
	picture: Picture,
	layout: StillLayout,
	frame: Frame,
	palette: Palette,
	maker: StillMaker,
): Promise<Still> {
	const framed = layout === 'framed' || layout === 'spot';
	const graph = framed
		? framedGraph(picture, layout, frame, palette)
		: layout === 'cover'
			? coverGraph(frame)
			: blurGraph(frame);
	const mask = framed ? maskDocument(boxOf(picture, layout, frame)) : '';
	const size = layout === 'blur' ? roomToDrift(frame) : frame;
	const key = keyOf(['still', maker.engine, graph, mask, picture.hash]);
	return cachedStill(key, size, maker, async (part) => {
		const maskFile = `mask-${key.slice(0, 12)}.ass`;
		if (mask !== '') await writeFile(join(maker.folder, maskFile), mask);
		await runStill(maker, part, graph.replaceAll('MASK', maskFile), [
			{ source: picture.file, options: ['-f', picture.demuxer] },
		]);
	});
}

/** Soft colour field, larger than the frame so that it can drift. `seed` places the lights. */
export async function makeColourField(
	seed: number,
	frame: Frame,
	palette: Palette,
	maker: StillMaker,
): Promise<Still> {
	const { width, height } = roomToDrift(frame);
	const small = { width: Math.round(width / 10), height: Math.round(height / 10) };
	const lights = [
		{ colour: palette.mid, x: 0.2 + 0.5 * wave(seed, 1), y: 0.15 + 0.25 * wave(seed, 2), r: 0.17 },
		{ colour: palette.mid, x: 0.1 + 0.8 * wave(seed, 3), y: 0.62 + 0.3 * wave(seed, 4), r: 0.15 },
		{ colour: palette.accent, x: wave(seed, 5), y: 0.35 + 0.4 * wave(seed, 6), r: 0.09 },
	];
	const channel = (offset: number) => {
		const value = (hex: string) => Number.parseInt(hex.slice(offset, offset + 2), 16);
		const base = value(palette.deep);
		const terms = lights.map(({ colour, x, y, r }, index) => {
			const strength = index === 2 ? 0.3 : 1;
			const gain = ((value(colour) - base) * strength).toFixed(1);
			const spread = (2 * (r * small.height) ** 2).toFixed(1);
			const dx = `X-${(x * small.width).toFixed(1)}`;
			const dy = `Y-${(y * small.height).toFixed(1)}`;
			return `${gain}*exp(-((${dx})*(${dx})+(${dy})*(${dy}))/${spread})`;
		});
		return `clip(${base}+${terms.join('+')},0,255)`;
	};
	const graph =
		`[0:v]format=gbrp,geq=r='${channel(1)}':g='${channel(3)}':b='${channel(5)}',` +
		// The grain hides the steps that eight bits leave in a dark gradient.
		`scale=${width}:${height}:flags=bicubic,noise=alls=5:allf=u:all_seed=7,${toVideo}[o]`;
	const key = keyOf(['field', maker.engine, graph]);
	return cachedStill(key, { width, height }, maker, (part) =>
		runStill(maker, part, graph, [
			{ source: `color=black:s=${small.width}x${small.height}:r=1`, options: ['-f', 'lavfi'] },
		]),
	);
}

function cachedStill(
	key: string,
	{ width, height }: Size,
	maker: StillMaker,
	make: (part: string) => Promise<void>,
): Promise<Still> {
	const findOrMake = async () => {
		const known = await maker.cache.find(key, 'yuv');
		const file = known ?? (await maker.cache.store(key, 'yuv', make));
		return { hash: key, file, width, height };
	};
	const still = maker.making.get(key) ?? findOrMake();
	maker.making.set(key, still);
	return still;
}

async function runStill(
	maker: StillMaker,
	part: string,
	graph: string,
	inputs: { source: string; options?: string[] }[],
): Promise<void> {
	await maker.ffmpeg.run({
		inputs,
		graph,
		outputOptions: ['-map', '[o]', '-frames:v', '1', '-f', 'rawvideo'],
		output: part,
		cwd: maker.folder,
		timeLimitMs: 60_000,
		signal: maker.signal,
	});
}

/** As the encoder takes it: converted once, not for each frame. */
const toVideo = 'format=rgb24,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p';

/** Transparent cut-outs get white behind them. */
const flatten =
	'format=rgba,split[fa][fb];[fa]lutrgb=r=255:g=255:b=255:a=255[fc];[fc][fb]overlay=format=gbrp,format=gbrp';

function coverGraph(frame: Frame): string {
	const { width, height } = frame;
	return [
		`[0:v]${flatten},scale=${width}:${height}:force_original_aspect_ratio=increase:flags=lanczos,crop=${width}:${height}[p]`,
		`${scrim(frame)}`,
		`[p][scrim]overlay=format=gbrp:shortest=1,${toVideo}[o]`,
	].join(';');
}

/** Darkens the top, where cards stand, and the band of the captions. */
function scrim(frame: Frame): string {
	const top = '0.7*pow(clip(1-Y/H/0.52,0,1),0.9)';
	const bottom = '0.6*pow(clip((Y/H-0.58)/0.3,0,1),0.9)';
	const left = frame.align === 'left' ? '+0.5*pow(clip(1-X/W/0.66,0,1),0.9)' : '';
	return (
		`color=black:s=${frame.width / 10}x${frame.height / 10}:r=1,format=rgba,` +
		`geq=r=0:g=0:b=0:a='255*clip(max(${top},${bottom})${left},0,0.82)',` +
		`scale=${frame.width}:${frame.height}:flags=bicubic[scrim]`
	);
}

/** Blurred at a tenth of the size: 3 times cheaper than at full size and no difference to see. */
function blurred(frame: Frame, sigma: number, light: number): string {
	const small = `${frame.width / 10}:${frame.height / 10}`;
	const dim = `val*${light}`;
	return `scale=${small}:force_original_aspect_ratio=increase,crop=${small},gblur=sigma=${sigma},format=rgb24,lutrgb=r=${dim}:g=${dim}:b=${dim}`;
}

/** Even numbers, for 4:2:0. */
function roomToDrift(frame: Frame): Size {
	return {
		width: Math.round((frame.width * 1.25) / 2) * 2,
		height: Math.round((frame.height * 1.25) / 2) * 2,
	};
}

function enlarged(frame: Size): string {
	// The grain hides the steps that eight bits leave in a soft gradient.
	return `scale=${frame.width}:${frame.height}:flags=bicubic,noise=alls=4:allf=u:all_seed=7`;
}

function blurGraph(frame: Frame): string {
	return `[0:v]${flatten},${blurred(frame, 9, 0.46)},${enlarged(roomToDrift(frame))},${toVideo}[o]`;
}

function boxOf(picture: Picture, layout: StillLayout, frame: Frame) {
	const box = layout === 'spot' ? frame.spotBox : frame.frameBox;
	const scale = Math.min(box.width / picture.width, box.height / picture.height);
	const width = Math.round((picture.width * scale) / 2) * 2;
	const height = Math.round((picture.height * scale) / 2) * 2;
	return {
		width,
		height,
		x: Math.round(box.x + (box.width - width) / 2),
		y: Math.round(box.y + (box.height - height) / 2),
	};
}

const SHADOW = 70;

function framedGraph(
	picture: Picture,
	layout: StillLayout,
	frame: Frame,
	palette: Palette,
): string {
	const box = boxOf(picture, layout, frame);
	const small = `${frame.width / 10}:${frame.height / 10}`;
	const backdrop =
		layout === 'spot'
			? `scale=${small},format=gbrp,geq=r='${glow(palette, 1)}':g='${glow(palette, 3)}':b='${glow(palette, 5)}'`
			: blurred(frame, 6, 0.52);
	return [
		`[0:v]${flatten},split[bg][fg]`,
		`[bg]${backdrop},${enlarged(frame)},format=gbrp[back]`,
		`[fg]scale=${box.width}:${box.height}:flags=lanczos,format=rgba[front]`,
		`color=black:s=${box.width}x${box.height}:r=1,format=gray,ass=MASK,format=gray,split[m1][m2]`,
		'[front][m1]alphamerge[card]',
		`[m2]pad=iw+${2 * SHADOW}:ih+${2 * SHADOW}:${SHADOW}:${SHADOW}:black,gblur=sigma=22,lutyuv=y=val*0.55[sm]`,
		`color=black:s=${box.width + 2 * SHADOW}x${box.height + 2 * SHADOW}:r=1,format=rgba[sk]`,
		'[sk][sm]alphamerge[shadow]',
		`[back][shadow]overlay=${box.x - SHADOW}:${box.y - SHADOW + 18}:format=gbrp:shortest=1[b2]`,
		`[b2][card]overlay=${box.x}:${box.y}:format=gbrp:shortest=1,${toVideo}[o]`,
	].join(';');
}

function glow(palette: Palette, offset: number): string {
	const base = part(palette.deep, offset);
	const gain = part(palette.mid, offset) - base;
	return `${base}+${gain}*exp(-(pow(X/W-0.5,2)+pow((Y/H-0.28)*1.2,2))/0.18)`;
}

function part(hex: string, offset: number): number {
	return Number.parseInt(hex.slice(offset, offset + 2), 16);
}

function maskDocument(box: Size): string {
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${box.width}`,
		`PlayResY: ${box.height}`,
		'[V4+ Styles]',
		'Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, Outline, Shadow, Encoding',
		'Style: m,Inter,20,&H00FFFFFF,7,0,0,1',
		'[Events]',
		'Format: Layer, Start, End, Style, Text',
		`Dialogue: 0,0:00:00.00,0:01:00.00,m,{\\pos(0,0)\\1c${assColour('#ffffff')}\\p1}${roundedBox(box.width, box.height, 44)}`,
		'',
	].join('\n');
}

/** Repeatable number in 0..1. */
function wave(seed: number, index: number): number {
	const value = Math.sin(seed * 12.9898 + index * 78.233) * 43758.5453;
	return value - Math.floor(value);
}
