/** A word as it is shown, and when it is heard, in milliseconds from the start of its sentence. */
export interface SpokenWord {
	text: string;
	startMs: number;
	endMs: number;
}

export interface Speech {
	/** Mono, 16 bit signed. */
	samples: Int16Array;
	sampleRate: number;
	words: SpokenWord[];
	/** `events`: the engine told when each word begins; `estimated`: spread by phoneme count. */
	timing: 'events' | 'estimated';
}

export interface SpeechRequest {
	/** One entry per sentence; each becomes one `Speech`. Plain text, no markup. */
	sentences: string[];
	/** A voice id of `voices()`. */
	voice: string;
	language: string;
	/** Words per minute, 80..260. */
	rate: number;
	/** 0..99, 50 is the voice's own. */
	pitch: number;
	signal?: AbortSignal | undefined;
}

export interface VoiceInfo {
	id: string;
	name: string;
	/** BCP 47, lower case, as the engine calls it. */
	language: string;
	gender: 'male' | 'female' | 'unknown';
	engine: string;
}

/** Turns text into speech with word times. */
export interface Voice {
	name: string;
	/** @throws VoiceError with advice when the engine is missing, fails or the voice is unknown. */
	speak(request: SpeechRequest): Promise<Speech[]>;
	voices(): Promise<VoiceInfo[]>;
}

export class VoiceError extends Error {
	constructor(message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'VoiceError';
	}
}
