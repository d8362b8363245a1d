const WORDS =
	/your|example|placeholder|insert|replace|change.?me|dummy|sample|redacted|removed|sanitized|hidden|masked|xxxx|todo|fixme|<|>|\{\{|\$\{|\.\.\.|…|\*\*\*|•|foobar|lorem|key.?name|my[-_ ]?(api|secret|token|key|pass)|(api|secret|access)[-_ ]?(key|token)[-_ ]?(here|value)|_here|-here|paste|enter[-_ ]|test[-_ ]?(key|token|secret)|^(undefined|null|none|n\/a)$/i;
const RUNS = /0123456789|1234567890?|abcdefgh|qwertyui|asdfghjk|(.)\1{5}/i;

/** Stands for a secret that somebody has to put there. */
export function isPlaceholder(text: string): boolean {
	const plain = text.trim();
	if (plain.length < 4) return true;
	if (WORDS.test(plain) || RUNS.test(plain)) return true;
	if (/^[[({%#@$].*[\])}%#@$]$/.test(plain)) return true;
	return new Set(plain).size < Math.min(6, plain.length / 2 + 1);
}

/** Bits per character (Shannon). Random hex has about 3.6 at 32 characters, base64 about 4.6. */
export function entropy(text: string): number {
	const counts = new Uint16Array(256);
	for (let at = 0; at < text.length; at++) {
		const slot = text.charCodeAt(at) & 255;
		counts[slot] = (counts[slot] ?? 0) + 1;
	}
	let bits = 0;
	for (const count of counts)
		if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
	return bits;
}

/** Looks drawn at random: what stands after the known beginning of a token. */
export function isRandomRest(text: string): boolean {
	return /\d/.test(text) && entropy(text) >= 2.8 && !isPlaceholder(text);
}

/** Credible as a token where only its name speaks for it: one word, mixed, not made of words. */
export function isToken(text: string, least: number): boolean {
	if (text.length < least || text.length > 4096 || /[\s<>{}"'`(),;|]/.test(text)) return false;
	if (!/\d/.test(text) || !/[A-Za-z]/.test(text) || entropy(text) < 3) return false;
	if (isPlaceholder(text)) return false;
	if (/^(https?|wss?|ftp|file):\/\//i.test(text) || /^[\w.+-]+@[\w.-]+$/.test(text)) return false;
	// identifiers and paths: data.user1.token, step_2_value, 2024-01-31T10:00
	if (/^[$A-Za-z_][\w$]{0,60}([.[][\w$\]'"]{1,60}){1,10}$/.test(text) && digits(text) < 4)
		return false;
	// dates, and addresses and signatures on public chains
	return !/^\d{4}-\d\d-\d\d|^0x[0-9a-fA-F]{40}(?![0-9a-fA-F]{24}$)/.test(text);
}

/** Credible as a password: one word with more than lower-case letters. */
export function isPassword(text: string): boolean {
	if (text.length < 6 || text.length > 256 || /\s/.test(text) || isPlaceholder(text)) return false;
	if (/^[\w.+-]+@[\w.-]+\.[a-z]+$/i.test(text) || /^\w+:\/\//.test(text)) return false;
	if (/password|passwor[dt]/i.test(text) || /^[A-Za-z]+\W$/.test(text)) return false;
	const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
	return kinds >= 2 && !/^[$A-Za-z_][\w$]*([.[][\w$\]]+)+$/.test(text);
}

function digits(text: string): number {
	return text.length - text.replace(/\d/g, '').length;
}
