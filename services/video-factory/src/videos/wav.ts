import { writeFile } from 'node:fs/promises';

/** Writes 16-bit PCM; `samples` are interleaved when there are several channels. */
export async function writeWav(
	file: string,
	samples: Int16Array,
	shape: { sampleRate: number; channels: number },
): Promise<void> {
	const header = Buffer.alloc(44);
	const bytes = samples.length * 2;
	header.write('RIFF', 0, 'latin1');
	header.writeUInt32LE(36 + bytes, 4);
	header.write('WAVEfmt ', 8, 'latin1');
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(shape.channels, 22);
	header.writeUInt32LE(shape.sampleRate, 24);
	header.writeUInt32LE(shape.sampleRate * shape.channels * 2, 28);
	header.writeUInt16LE(shape.channels * 2, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36, 'latin1');
	header.writeUInt32LE(bytes, 40);
	const body = Buffer.from(samples.buffer, samples.byteOffset, bytes);
	await writeFile(file, Buffer.concat([header, body]));
}
