import { createHmac, timingSafeEqual } from 'node:crypto';

/** Links that work without a key until they expire. */
export interface LinkSigner {
	/**
	 * @param path  of the route, without a query
	 * @param seconds  how long the link works
	 * @returns the path with `expires` (seconds since 1970) and `signature` added
	 */
	sign(path: string, seconds: number): string;
	/** True for a link of ours, to this path, that has not expired. */
	verify(path: string, query: { expires?: unknown; signature?: unknown }): boolean;
}

/** @param secret  whoever has it can make links; changing it ends all that were given out */
export function linkSigner(secret: string): LinkSigner {
	// The path is part of what is signed, so a link opens one file, and the prefix keeps other uses of the secret apart.
	const mac = (path: string, expires: string) =>
		createHmac('sha256', secret).update(`link/v1\n${path}\n${expires}`).digest('base64url');
	return {
		sign(path, seconds) {
			const expires = String(Math.floor(Date.now() / 1000) + seconds);
			return `${path}?expires=${expires}&signature=${mac(path, expires)}`;
		},
		verify(path, { expires, signature }) {
			if (typeof expires !== 'string' || typeof signature !== 'string') return false;
			if (!/^\d{1,12}$/.test(expires) || Number(expires) < Date.now() / 1000) return false;
			const expected = Buffer.from(mac(path, expires));
			const given = Buffer.from(signature);
			return given.length === expected.length && timingSafeEqual(given, expected);
		},
	};
}
