import { callback, defineJob, jobState } from '@autopilot/jobs';
import { pageQuery } from '@autopilot/http';
import { z } from 'zod';
import { scriptSchema } from '../adapters/script-writer.ts';
import { moods } from '../music/music.ts';
import { captionPositions, captionStyles } from './captions.ts';
import { aspects } from './frame.ts';
import { receiptSchema } from './receipt.ts';

/** Forms send an empty string for a field that was left alone. */
function emptyIsMissing<Schema extends z.ZodType>(schema: Schema) {
	return z.preprocess((value) => (value === '' ? undefined : value), schema);
}

const text = (length: number) => z.string().trim().max(length);

export const productSchema = z.object({
	title: text(200).min(1),
	description: text(5000).optional(),
	price: z
		.object({
			amount: z.int().min(0).meta({ description: 'Minor units, e.g. 4999 for 49.99' }),
			currency: z
				.string()
				.regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR')
				.refine((code) => Intl.supportedValuesOf('currency').includes(code), 'an unknown currency'),
		})
		.nullish()
		.transform((price) => price ?? undefined),
	features: z.array(text(300)).max(20).optional(),
	brand: text(80).optional(),
	url: emptyIsMissing(
		z
			.url({ protocol: /^https?$/ })
			.max(2000)
			.optional(),
	),
});

const voice = z.object({
	id: emptyIsMissing(
		z
			.string()
			.max(40)
			.regex(/^[\w+-]+$/, 'an id that /api/v1/video/voices lists')
			.optional(),
	),
	rate: z.number().min(80).max(260).default(160).meta({ description: 'Words per minute' }),
	pitch: z.number().min(0).max(99).default(50),
});
const music = z.object({
	mood: emptyIsMissing(z.enum(moods).default('bright')),
	volume: z.number().min(0).max(1).default(0.25),
});
const captions = z.object({
	style: emptyIsMissing(z.enum(captionStyles).default('bold')),
	position: emptyIsMissing(z.enum(captionPositions).default('bottom')),
});

/** Body of POST /api/v1/video/generate. `null` for voice, music or captions means "none". */
export const generateVideo = z
	.object({
		product: productSchema.optional(),
		topic: emptyIsMissing(text(1000).min(1).optional()),
		script: emptyIsMissing(
			text(4000)
				.min(1)
				.optional()
				.meta({ description: 'Words to speak; otherwise they are written' }),
		),
		images: z
			.array(z.url({ protocol: /^https?$/ }).max(2000))
			.max(12)
			.default([]),
		aspect: z.enum(aspects).default('9:16'),
		voice: voice.nullish(),
		music: music.nullish(),
		captions: captions.nullish(),
		language: emptyIsMissing(
			z
				.string()
				.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'a language tag such as en or de')
				.default('en'),
		),
		durationSeconds: z.number().min(10).max(60).optional(),
		callback: callback.optional(),
	})
	.refine((body) => body.product ?? body.topic ?? body.script, {
		message: 'Give a product, a topic or a script',
		path: ['product'],
	});
export type GenerateVideo = z.output<typeof generateVideo>;

/** The order as it is stored: defaults filled in. Read back by the worker. */
export const orderSchema = z.object({
	product: productSchema.optional(),
	topic: z.string().optional(),
	script: z.string().optional(),
	images: z.array(z.string()),
	aspect: z.enum(aspects),
	voice: z.object({ id: z.string(), rate: z.number(), pitch: z.number() }).nullable(),
	music: z.object({ mood: z.enum(moods), volume: z.number() }).nullable(),
	captions: z
		.object({ style: z.enum(captionStyles), position: z.enum(captionPositions) })
		.nullable(),
	language: z.string(),
	durationSeconds: z.number().optional(),
});

/** Facts of a finished file, as stored. */
export const videoFileSchema = z.object({
	durationSeconds: z.number(),
	width: z.int(),
	height: z.int(),
	sizeBytes: z.int(),
});
export type VideoFile = z.output<typeof videoFileSchema>;

export const fileNames = ['video', 'poster', 'subtitles'] as const;
export type FileName = (typeof fileNames)[number];

/** A video as callers see it; the routes named by the issue speak of a task. */
export const videoTask = z.object({
	task_id: z.uuid(),
	status: jobState,
	progress: z.object({ percent: z.int(), step: z.string() }),
	aspect: z.enum(aspects),
	title: z.string(),
	script: scriptSchema.nullable(),
	video: videoFileSchema
		.extend({
			url: z.url().meta({ description: 'Signed link that expires' }),
			downloadUrl: z.url().meta({ description: 'Needs the API key' }),
			posterUrl: z.url(),
			subtitlesUrl: z.url(),
		})
		.nullable(),
	receipt: receiptSchema.nullable(),
	error: z.object({ code: z.string(), message: z.string() }).nullable(),
	attempts: z.int(),
	createdAt: z.iso.datetime(),
	startedAt: z.iso.datetime().nullable(),
	finishedAt: z.iso.datetime().nullable(),
});
export type VideoTask = z.output<typeof videoTask>;

/** The job's id is the video's. A worker that dies counts as an attempt; each goes on where the last one stopped. */
export const renderVideo = defineJob({
	name: 'render-video',
	payload: z.object({}),
	maxAttempts: 5,
	backoffMs: 1000,
});

export const removeVideoFiles = defineJob({
	name: 'remove-video-files',
	payload: z.object({ videoId: z.uuid() }),
	maxAttempts: 8,
	backoffMs: 2000,
});

export const eventTypes = ['video.succeeded', 'video.failed'] as const;

export const listVideos = z.object({
	...pageQuery,
	cursor: z.uuid().optional(),
	status: jobState.optional(),
});
