import { readFile, writeFile } from 'node:fs/promises';
import openWabt from 'wabt';

const source = new URL('src/videos/resample.wat', import.meta.url);
const program = new URL('src/videos/resample.wasm', import.meta.url);

/** The program that resample.wat describes. */
export async function compileResample(): Promise<Uint8Array> {
	const wabt = await openWabt();
	const module = wabt.parseWat('resample.wat', await readFile(source, 'utf8'), { simd: true });
	try {
		return module.toBinary({}).buffer;
	} finally {
		module.destroy();
	}
}

if (import.meta.main) await writeFile(program, await compileResample());
