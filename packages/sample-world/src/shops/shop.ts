/** One page, picture or answer of a shop. `path` is relative to /shops/<name>. */
export type Page = {
	path: string;
	type: 'html' | 'svg' | 'json';
	body: string;
	/** HTTP status, 200 unless told. */
	status?: number;
	/** Answers only after the world's `slowMs`. */
	slow?: boolean;
};

/** A competitor: its folder under /shops, what a visitor knows it as, and everything it serves. */
export type Shop = { name: string; title: string; productPath: string; pages: Page[] };

/** The five stars of a rating as text, rounded to whole stars. */
export function stars(rating: number): string {
	const full = Math.round(rating);
	return '★★★★★'.slice(0, full) + '☆☆☆☆☆'.slice(full);
}

/** JSON for a script element: `<` is escaped, so that no text can end the element. */
export function embed(value: unknown): string {
	return JSON.stringify(value).replaceAll('<', '\\u003c');
}
