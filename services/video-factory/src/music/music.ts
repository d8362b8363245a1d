/** Music made on the spot: no licence, no download; the same seed gives the same piece. */
export const moods = ['calm', 'bright', 'driving'] as const;
export type Mood = (typeof moods)[number];

export const MUSIC_RATE = 32_000;

interface Style {
	beatsPerMinute: number;
	/** Chords as semitones above the root, four to a round. */
	rounds: number[][][];
	pluck: number;
	bass: number;
	beat: number;
	brightness: number;
}

const major = {
	I: [0, 7, 12, 16, 19],
	IV: [5, 12, 17, 21],
	V: [7, 14, 19, 23],
	vi: [9, 16, 21, 24],
};
const minor = {
	i: [0, 7, 12, 15, 19],
	VI: [8, 15, 20, 24],
	III: [3, 10, 15, 19],
	VII: [10, 14, 17, 22],
};

const styles: Record<Mood, Style> = {
	calm: {
		beatsPerMinute: 68,
		rounds: [
			[major.I, major.vi, major.IV, major.V],
			[major.vi, major.IV, major.I, major.V],
		],
		pluck: 0.1,
		bass: 0.16,
		beat: 0,
		brightness: 0.5,
	},
	bright: {
		beatsPerMinute: 104,
		rounds: [
			[major.I, major.V, major.vi, major.IV],
			[major.IV, major.I, major.V, major.vi],
		],
		pluck: 0.2,
		bass: 0.2,
		beat: 0.2,
		brightness: 0.8,
	},
	driving: {
		beatsPerMinute: 120,
		rounds: [
			[minor.i, minor.VI, minor.III, minor.VII],
			[minor.i, minor.VII, minor.VI, minor.VII],
		],
		pluck: 0.18,
		bass: 0.3,
		beat: 0.42,
		brightness: 1,
	},
};

const TABLE = 2048;

/**
 * A bed of pad, bass, plucked notes and, by mood, a soft beat. Interleaved stereo, 16 bit,
 * MUSIC_RATE. Yields to the event loop after each second of sound: the job's lock must be renewed.
 */
export async function composeMusic(mood: Mood, seed: number, seconds: number): Promise<Int16Array> {
	const style = styles[mood];
	const random = generator(seed);
	const root = 45 + Math.floor(random() * 7);
	const round = style.rounds[Math.floor(random() * style.rounds.length)] ?? style.rounds[0] ?? [];
	const pattern = Array.from({ length: 8 }, () => Math.floor(random() * 4));
	const pad = wavetable([1, 0.42 * style.brightness, 0.2 * style.brightness, 0.09, 0.05]);
	const bell = wavetable([1, 0, 0.28, 0, 0.1]);
	const low = wavetable([1, 0.3, 0.08]);
	const total = Math.ceil(seconds * MUSIC_RATE);
	const out = new Int16Array(total * 2);
	const beat = 60 / style.beatsPerMinute;
	const bar = beat * 4;
	const hertz = (note: number) => 440 * 2 ** ((note - 69) / 12);
	let noise = 1;

	for (let at = 0; at < total; at++) {
		if (at % MUSIC_RATE === MUSIC_RATE - 1) await new Promise(setImmediate);
		const t = at / MUSIC_RATE;
		const inBar = t % bar;
		const chord = round[Math.floor(t / bar) % round.length] ?? [];
		// Chords breathe in and out so that changes do not click.
		const swell = Math.min(1, inBar / 0.5, (bar - inBar) / 0.35);
		let left = 0;
		let right = 0;
		for (const step of chord) {
			const f = hertz(root + step);
			left += read(pad, t * f * 1.0016);
			right += read(pad, t * f * 0.9984);
		}
		const padGain = (0.5 / chord.length) * swell * (0.82 + 0.18 * Math.sin(t * 0.9));
		left *= padGain;
		right *= padGain;

		const eighth = beat / 2;
		const inEighth = t % eighth;
		const step = chord[pattern[Math.floor(t / eighth) % 8] ?? 0] ?? 0;
		const plucked = read(bell, t * hertz(root + 24 + step)) * Math.exp(-inEighth * 9) * style.pluck;
		const attack = Math.min(1, inEighth / 0.004);
		const side = Math.floor(t / eighth) % 2 === 0 ? 0.65 : 0.35;
		left += plucked * attack * 2 * side;
		right += plucked * attack * 2 * (1 - side);

		const bassStep = style.beat > 0.3 ? inEighth : inBar % (beat * 2);
		const bass =
			read(low, t * hertz(root - 12 + (chord[0] ?? 0))) *
			Math.min(1, bassStep / 0.01) *
			Math.exp(-bassStep * (style.beat > 0.3 ? 5 : 1.4)) *
			style.bass;
		left += bass;
		right += bass;

		if (style.beat > 0) {
			const inBeat = t % beat;
			const kick =
				Math.sin(2 * Math.PI * (48 * inBeat + 5 * (1 - Math.exp(-inBeat * 30)))) *
				Math.exp(-inBeat * 13);
			noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
			const inOff = (t + beat / 2) % beat;
			const hat = (noise / 2 ** 31) * Math.exp(-inOff * 60) * 0.22;
			left += (kick + hat) * style.beat;
			right += (kick + hat * 0.8) * style.beat;
		}
		const fade = Math.min(1, t / 0.8, Math.max(0, (seconds - t) / 1.6));
		out[at * 2] = Math.round(Math.tanh(left * fade) * 24_000);
		out[at * 2 + 1] = Math.round(Math.tanh(right * fade) * 24_000);
	}
	return out;
}

function wavetable(partials: number[]): Float32Array {
	const table = new Float32Array(TABLE);
	for (let at = 0; at < TABLE; at++) {
		table[at] = partials.reduce(
			(sum, gain, index) => sum + gain * Math.sin((2 * Math.PI * at * (index + 1)) / TABLE),
			0,
		);
	}
	return table;
}

function read(table: Float32Array, cycles: number): number {
	return table[Math.floor((cycles - Math.floor(cycles)) * TABLE)] ?? 0;
}

/** mulberry32 */
function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let value = Math.imul(state ^ (state >>> 15), 1 | state);
		value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
		return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
	};
}
