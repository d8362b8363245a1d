// What fields, headers, query parameters and variables are called that hold a secret, written
// without case and separators. Password-typed parameters of n8n's nodes are all among them.
const EXACT = new Set(
	(
		'authorization proxyauthorization auth bearer bearertoken token secret password passwd pwd pass ' +
		'passphrase apikey apitoken apisecret xapikey apiauth authkey authtoken accesskey accesstoken ' +
		'privatekey secretkey signingkey sessiontoken cookie setcookie ' +
		'subscriptionkey appkey'
	).split(' '),
);
const ENDINGS = [
	...['apikey', 'token', 'secret', 'password', 'passwd', 'passphrase', 'secretkey', 'accesskey'],
	...['privatekey', 'authkey', 'signingkey', 'subscriptionkey', 'masterkey', 'servicekey'],
	...['encryptionkey', 'apisecretkey', 'consumerkey', 'clientkey', 'rapidapikey', 'servicerolekey'],
];
/** Tokens of paging and of language models, and hashes that are public. */
const HARMLESS =
	/(from|to|page|paging|next|sync|csrf|xsrf|continuation|cursor|delta|max|min|total|prompt|completion|input|output|stop|start|reset|verify|per|device|anonymous|challenge|pagination|upload|resume|image|media|file|doc|document|folder|sheet|form|clientrequest|idempotency)token$|idempotencykey$|publickey$|publishablekey$|(reset|forgot|change|temporary)password$/;
const PASSWORD = /(password|passwd|pwd|passphrase)$|^pass$/;
/** Query parameters only: elsewhere a `key` is any key. */
const QUERY_ONLY = new Set(['key', 'appid', 'hapikey', 'sig', 'code', 'access', 'apk', 'auth']);

export type NameKind = 'password' | 'token';

type NamePlace = 'query' | 'other';

/** Names repeat, in a document and among documents. */
const known = {
	query: new Map<string, NameKind | undefined>(),
	other: new Map<string, NameKind | undefined>(),
};
const MAX_KNOWN = 5_000;

/** What a field of this name holds, if it holds a secret. */
export function secretName(name: string, place: NamePlace = 'other'): NameKind | undefined {
	if (name.length > 80) return undefined;
	const kinds = known[place];
	let kind = kinds.get(name);
	if (kind !== undefined || kinds.has(name)) return kind;
	kind = kindOf(name, place);
	if (kinds.size >= MAX_KNOWN) kinds.clear();
	kinds.set(name, kind);
	return kind;
}

function kindOf(name: string, place: NamePlace): NameKind | undefined {
	const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
	if (plain === '' || HARMLESS.test(plain)) return undefined;
	if (PASSWORD.test(plain)) return 'password';
	if (place === 'query' && QUERY_ONLY.has(plain)) return 'token';
	return EXACT.has(plain) || ENDINGS.some((ending) => plain.endsWith(ending)) ? 'token' : undefined;
}
