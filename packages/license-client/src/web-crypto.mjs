// Node 18 has WebCrypto, but not as a global.
const { crypto } = globalThis.crypto?.subtle
	? globalThis
	: { crypto: (await import(/* @vite-ignore */ 'node:crypto')).webcrypto };

export const { subtle } = crypto;
