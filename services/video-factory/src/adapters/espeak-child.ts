/**
 * Child process around libespeak-ng: a crash in native code ends this process, not the worker.
 * Reads one JSON request from stdin, writes one JSON answer to stdout.
 */
import { text } from 'node:stream/consumers';
import koffi from 'koffi';
import { z } from 'zod';

const requestSchema = z.object({
	library: z.string(),
	voice: z.string(),
	rate: z.number(),
	pitch: z.number(),
	texts: z.array(z.string()),
});

// Constants of speak_lib.h (espeak-ng 1.51).
const AUDIO_OUTPUT_SYNCHRONOUS = 2;
const DONT_EXIT = 0x8000;
const RATE = 1;
const PITCH = 3;
const WORD_GAP = 7;
const CHARS_UTF8 = 1;
const POS_CHARACTER = 1;
const EVENT_WORD = 1;

const request = requestSchema.parse(JSON.parse(await text(process.stdin)));
const library = koffi.load(request.library);
const eventType = koffi.struct('espeak_EVENT', {
	type: 'int',
	unique_identifier: 'uint',
	text_position: 'int',
	length: 'int',
	audio_position: 'int',
	sample: 'int',
	user_data: 'void *',
	id: koffi.array('uint8', 8),
});
const eventSchema = z.object({
	type: z.number(),
	text_position: z.number(),
	audio_position: z.number(),
});
const callbackType = koffi.proto('int SynthCallback(int16 *wav, int count, espeak_EVENT *events)');
const initialize = library.func(
	'int espeak_Initialize(int output, int buffer, str path, int options)',
);
const setCallback = library.func('void espeak_SetSynthCallback(SynthCallback *callback)');
const setVoice = library.func('int espeak_SetVoiceByName(str name)');
const setParameter = library.func(
	'int espeak_SetParameter(int parameter, int value, int relative)',
);
const synth = library.func(
	'int espeak_Synth(str text, size_t size, uint position, int positionType, uint end, uint flags, void *id, void *user)',
);

const sampleRate: number = initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, null, DONT_EXIT);
if (sampleRate <= 0) throw new Error('espeak_Initialize failed: is espeak-ng-data installed?');
if (setVoice(request.voice) !== 0) throw new Error(`unknown voice ${request.voice}`);
setParameter(RATE, request.rate, 0);
setParameter(PITCH, request.pitch, 0);
setParameter(WORD_GAP, 2, 0);

let chunks: Buffer[] = [];
let words: { position: number; ms: number }[] = [];
const callback = koffi.register((wav: unknown, count: number, events: unknown) => {
	if (wav !== null && count > 0) chunks.push(Buffer.from(koffi.view(wav, count * 2).slice(0)));
	for (let index = 0; ; index++) {
		const event = eventSchema.parse(
			koffi.decode(events, index * koffi.sizeof(eventType), eventType),
		);
		if (event.type === 0) break;
		// text_position counts characters from 1.
		if (event.type === EVENT_WORD)
			words.push({ position: event.text_position - 1, ms: event.audio_position });
	}
	return 0;
}, koffi.pointer(callbackType));
setCallback(callback);

const sentences = request.texts.map((sentence) => {
	chunks = [];
	words = [];
	const size = Buffer.byteLength(sentence) + 1;
	const failed: number = synth(sentence, size, 0, POS_CHARACTER, 0, CHARS_UTF8, null, null);
	if (failed !== 0) throw new Error(`espeak_Synth failed with ${failed}`);
	return { pcm: Buffer.concat(chunks).toString('base64'), words };
});
process.stdout.write(JSON.stringify({ sampleRate, sentences }));
