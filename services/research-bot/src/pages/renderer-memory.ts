import type { Redis } from '@autopilot/http';

const keepSeconds = 24 * 3600;

/** Which parts of which sites needed the browser lately, so that the fruitless request is spared. */
export class RendererMemory {
	readonly #redis: Redis;

	constructor(redis: Redis) {
		this.#redis = redis;
	}

	async needsBrowser(url: URL): Promise<boolean> {
		return (await this.#redis.exists(keyOf(url))) === 1;
	}

	/** Forgotten after a day: shops learn to render on the server, too. */
	async rememberBrowser(url: URL): Promise<void> {
		await this.#redis.set(keyOf(url), '1', 'EX', keepSeconds);
	}
}

/** The first two folders count as well: one host may serve several shops, or a shop and its magazine. */
function keyOf({ host, pathname }: URL): string {
	const folders = pathname.split('/').slice(1, -1);
	return `research:browser:${host}/${folders.slice(0, 2).join('/')}`;
}
