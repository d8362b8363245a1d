/** Names for what was taken out: one per secret, the same wherever that secret stood. */
export function namePlaceholders(): (secret: {
	kind: string;
	title: string;
	text: string;
}) => string {
	const given = new Map<string, string>();
	const counts = new Map<string, number>();
	return ({ kind, title, text }) => {
		const known = given.get(text);
		if (known !== undefined) return known;
		const base = `YOUR_${wordsOf(kind, title)}`;
		const count = (counts.get(base) ?? 0) + 1;
		counts.set(base, count);
		const name = count === 1 ? base : `${base}_${count}`;
		given.set(text, name);
		return name;
	};
}

/** `GitHub token` -> GITHUB_TOKEN; `secret "x-api-key"` -> X_API_KEY. */
function wordsOf(kind: string, title: string): string {
	const name = /"(.*)"/s.exec(title)?.[1] ?? title;
	const words = name
		.toUpperCase()
		.replace(/[^A-Z0-9]+/g, '_')
		.replace(/^_|_$/g, '')
		.slice(0, 40);
	if (words !== '') return words;
	return kind.toUpperCase().replaceAll('-', '_');
}
