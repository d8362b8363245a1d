import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buffer, text } from 'node:stream/consumers';
import { z } from 'zod';
import { placeTokens, spokenTokens, type SpokenToken } from './spoken-text.ts';
import {
	VoiceError,
	type Speech,
	type SpeechRequest,
	type Voice,
	type VoiceInfo,
} from './voice.ts';

const execFileAsync = promisify(execFile);
const TIME_LIMIT_MS = 30_000;
const childFile = fileURLToPath(new URL('./espeak-child.ts', import.meta.url));
const answerSchema = z.object({
	sampleRate: z.number().positive(),
	sentences: z.array(
		z.object({
			pcm: z.string(),
			words: z.array(z.object({ position: z.number(), ms: z.number() })),
		}),
	),
});

export interface EspeakOptions {
	command?: string;
	/** Shared library; a name that cannot be loaded makes the voice fall back to estimated times. */
	library?: string;
	onFallback?: (reason: string) => void;
}

/**
 * espeak-ng, offline. The library reports each word with its position in milliseconds; when it
 * cannot be loaded the command line speaks and times are spread by phoneme count, and say so.
 */
export function createEspeak({
	command = 'espeak-ng',
	library = 'libespeak-ng.so.1',
	onFallback,
}: EspeakOptions = {}): Voice {
	return {
		name: 'espeak-ng',
		async speak(request) {
			const laid = request.sentences.map((sentence) => spokenTokens(sentence, request.language));
			try {
				return await speakByLibrary(library, request, laid);
			} catch (error) {
				if (request.signal?.aborted) throw error;
				onFallback?.(error instanceof Error ? error.message : String(error));
				return await speakByCommand(command, request, laid);
			}
		},
		voices: () => listVoices(command),
	};
}

async function speakByLibrary(
	library: string,
	request: SpeechRequest,
	laid: SpokenToken[][],
): Promise<Speech[]> {
	const signal = withTimeLimit(request.signal);
	const child = spawn(process.execPath, ['--no-warnings', childFile], {
		stdio: ['pipe', 'pipe', 'pipe'],
		signal,
		killSignal: 'SIGKILL',
	});
	const exit = new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	child.stdin.on('error', () => undefined); // the exit code tells what happened
	child.stdin.end(
		JSON.stringify({
			library,
			voice: request.voice,
			rate: Math.round(request.rate),
			pitch: Math.round(request.pitch),
			texts: laid.map(readable),
		}),
	);
	const [code, answer, complaint] = await Promise.all([
		exit,
		text(child.stdout),
		text(child.stderr),
	]);
	if (code !== 0)
		throw new VoiceError(`libespeak-ng failed (exit ${code}): ${complaint.slice(-300)}`);
	const { sampleRate, sentences } = answerSchema.parse(JSON.parse(answer));
	return sentences.map(({ pcm, words }, index) => {
		const samples = toSamples(Buffer.from(pcm, 'base64'));
		const endMs = (audibleLength(samples) / sampleRate) * 1000;
		return {
			samples,
			sampleRate,
			timing: 'events',
			words: placeTokens(laid[index] ?? [], words, endMs),
		};
	});
}

async function speakByCommand(
	command: string,
	request: SpeechRequest,
	laid: SpokenToken[][],
): Promise<Speech[]> {
	const options = ['-v', request.voice, '-s', String(Math.round(request.rate))];
	options.push('-p', String(Math.round(request.pitch)), '-g', '2');
	const speeches: Speech[] = [];
	for (const tokens of laid) {
		const wav = await runEspeak(
			command,
			[...options, '--stdout'],
			readable(tokens),
			request.signal,
		);
		const { samples, sampleRate } = readWav(wav);
		const endMs = (audibleLength(samples) / sampleRate) * 1000;
		const phonemes = await runEspeak(
			command,
			['-v', request.voice, '-q', '-x', '--sep=.'],
			tokens.map((token) => token.spoken.replace(/\n/g, ' ')).join('\n\n'),
			request.signal,
		);
		speeches.push({
			samples,
			sampleRate,
			timing: 'estimated',
			words: spread(tokens, phonemes, endMs),
		});
	}
	return speeches;
}

/** Times by phoneme count: one line of phonemes per token, or letters when the lines don't match. */
function spread(tokens: SpokenToken[], phonemes: Buffer, endMs: number): Speech['words'] {
	const lines = phonemes
		.toString('utf8')
		.split('\n')
		.filter((line) => line.trim() !== '');
	const weights = tokens.map((token, index) =>
		lines.length === tokens.length
			? Math.max(1, (lines[index] ?? '').split(/[. ]+/).filter(Boolean).length)
			: Math.max(1, token.spoken.length),
	);
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	let passed = 0;
	return tokens.map((token, index) => {
		const startMs = (passed / total) * endMs;
		passed += weights[index] ?? 0;
		return { text: token.text, startMs, endMs: (passed / total) * endMs };
	});
}

function readable(tokens: SpokenToken[]): string {
	return tokens.map((token) => token.spoken).join(' ');
}

async function runEspeak(
	command: string,
	args: string[],
	input: string,
	signal?: AbortSignal,
): Promise<Buffer> {
	const child = spawn(command, [...args, '--stdin'], {
		stdio: ['pipe', 'pipe', 'ignore'],
		signal: withTimeLimit(signal),
		killSignal: 'SIGKILL',
	});
	const exit = new Promise<number | null>((resolve, reject) => {
		child.once('error', (cause) =>
			reject(new VoiceError('espeak-ng cannot be run: install the package espeak-ng', { cause })),
		);
		child.once('close', resolve);
	});
	child.stdin.on('error', () => undefined); // the exit code tells what happened
	child.stdin.end(input);
	const [code, output] = await Promise.all([exit, buffer(child.stdout)]);
	if (code !== 0)
		throw new VoiceError(`espeak-ng failed (exit ${code}); choose a voice of /voices`);
	return output;
}

function withTimeLimit(signal?: AbortSignal): AbortSignal {
	const limit = AbortSignal.timeout(TIME_LIMIT_MS);
	return signal ? AbortSignal.any([signal, limit]) : limit;
}

function toSamples(pcm: Buffer): Int16Array {
	const samples = new Int16Array(pcm.length >> 1);
	for (let index = 0; index < samples.length; index++) samples[index] = pcm.readInt16LE(index * 2);
	return samples;
}

/** espeak-ng writes a canonical 44-byte header with a length field it cannot know when piping. */
function readWav(wav: Buffer): { samples: Int16Array; sampleRate: number } {
	if (wav.length < 44 || wav.toString('latin1', 0, 4) !== 'RIFF')
		throw new VoiceError('espeak-ng gave no sound; choose a voice of /voices');
	return { samples: toSamples(wav.subarray(44)), sampleRate: wav.readUInt32LE(24) };
}

/** Length without the trailing silence the engine adds after a sentence. */
function audibleLength(samples: Int16Array): number {
	let end = samples.length;
	while (end > 0 && Math.abs(samples[end - 1] ?? 0) < 200) end--;
	return end;
}

async function listVoices(command: string): Promise<VoiceInfo[]> {
	let stdout: string;
	try {
		({ stdout } = await execFileAsync(command, ['--voices'], { timeout: 10_000 }));
	} catch (cause) {
		throw new VoiceError('espeak-ng cannot be run: install the package espeak-ng', { cause });
	}
	const voices = stdout
		.split('\n')
		.slice(1)
		.flatMap((line): VoiceInfo[] => {
			const [, language, traits, name, file] = line.trim().split(/\s+/);
			// mbrola voices are listed even where their data is not installed.
			if (!language || !name || !file || file.startsWith('mb/')) return [];
			const gender = traits?.endsWith('M') ? 'male' : traits?.endsWith('F') ? 'female' : 'unknown';
			return [
				{ id: language, name: name.replaceAll('_', ' '), language, gender, engine: 'espeak-ng' },
			];
		});
	// The variants change timbre, not language: offered for the languages most asked for.
	const variants = voices
		.filter(({ id }) => ['en-us', 'en-gb', 'de', 'es', 'fr'].includes(id))
		.flatMap((voice): VoiceInfo[] =>
			(
				[
					['f2', 'female'],
					['f4', 'female'],
					['m3', 'male'],
					['m7', 'male'],
				] as const
			).map(([variant, gender]) => ({
				...voice,
				id: `${voice.id}+${variant}`,
				name: `${voice.name} (${variant})`,
				gender,
			})),
		);
	return [...voices, ...variants];
}
