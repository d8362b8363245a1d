/** What to keep between two checks, where you keep settings. */
export interface LicenseState {
	/** The latest time that was seen, in seconds since 1970: a clock that shows less was set back. */
	seen: number;
	/** Number of the newest file that was used. */
	seq: number;
	licenseId: string | null;
}

export interface PublicKeySet {
	keys: { kty: string; crv: string; kid: string; x: string }[];
}

export interface RevocationList {
	kid: string;
	payload: string;
	signature: string;
}

/** In the order in which they are looked for. */
export type OfflineCode =
	| 'malformed'
	| 'tampered'
	| 'unknown_kid'
	| 'wrong_key'
	| 'other_device'
	| 'revocations_invalid'
	| 'revoked'
	| 'clock_rolled_back'
	| 'not_yet_valid'
	| 'expired'
	| 'superseded'
	| 'wrong_product'
	| 'entitlement_missing'
	| 'grace'
	| 'valid';

export type Stage = 'ok' | 'warn' | 'limit' | 'blocked';

export interface Permissions {
	download: boolean;
	commercialUse: boolean;
	redistribution: boolean;
	modification: boolean;
}

export interface OfflineLicense {
	id: string;
	product: { id: string | null; title: string };
	holder: { name: string | null; email: string };
	type: 'perpetual' | 'subscription' | 'trial';
	stage: Stage;
	permissions: Permissions;
	/** What is granted in this stage. */
	entitlements: string[];
	limits: { devices: number | null; downloads: number | null };
	/** ISO 8601; null never ends. */
	expiresAt: string | null;
	endsAt: string | null;
	fileExpiresAt: string;
}

export interface OfflineAnswer {
	valid: boolean;
	code: OfflineCode;
	/** For people. */
	detail: string;
	/** What the file says, once its signature is proven; also when it is refused for another reason. */
	license: OfflineLicense | null;
	state: LicenseState;
}

export interface VerifyOptions {
	fingerprint?: string | undefined;
	/** The licence key; sealed files need it. */
	key?: string | undefined;
	productId?: string | undefined;
	entitlements?: string[] | undefined;
	state?: LicenseState | undefined;
	revocations?: RevocationList | string | null | undefined;
	now?: Date | undefined;
}

export interface Verifier {
	/** Never throws for what a file may be. */
	verify(file: string | Uint8Array, options?: VerifyOptions): Promise<OfflineAnswer>;
}

export function createVerifier(options: {
	keys: PublicKeySet | PublicKeySet['keys'];
}): Promise<Verifier>;

export interface Count {
	max: number | null;
	used: number;
}

export interface Usage {
	counter: string;
	used: number;
	limit: number | null;
	remaining: number | null;
	period: 'none' | 'day' | 'month' | 'year';
	resetsAt: string | null;
}

export interface OnlineAnswer {
	valid: boolean;
	code:
		| 'unknown_key'
		| 'wrong_product'
		| 'revoked'
		| 'suspended'
		| 'not_yet_valid'
		| 'expired'
		| 'device_required'
		| 'device_limit'
		| 'not_activated'
		| 'entitlement_missing'
		| 'grace'
		| 'valid';
	detail: string;
	license: {
		id: string;
		product: { id: string | null; title: string };
		type: OfflineLicense['type'];
		status: 'active' | 'expired' | 'suspended' | 'revoked';
		stage: Stage;
		permissions: Permissions;
		entitlements: string[];
		limits: { devices: Count; downloads: Count };
		usage: Usage[];
		startsAt: string;
		expiresAt: string | null;
		endsAt: string | null;
	} | null;
	device: { id: string } | null;
	missingEntitlements: string[];
	serverTime: string;
	nextCheckIn: string | null;
	state: LicenseState;
}

export interface Device {
	id: string;
	licenseId: string;
	fingerprintPreview: string;
	label: string | null;
	metadata: Record<string, string>;
	createdAt: string;
	lastSeenAt: string;
}

export interface Client {
	validate(question: {
		key: string;
		fingerprint?: string;
		entitlements?: string[];
		state?: LicenseState;
	}): Promise<OnlineAnswer>;
	activate(device: {
		key: string;
		fingerprint: string;
		label?: string;
		metadata?: Record<string, string>;
		takeOver?: boolean;
	}): Promise<{ device: Device; limits: Count; replaced: Device | null; isNew: boolean }>;
	heartbeat(device: {
		activationId: string;
		key: string;
		state?: LicenseState;
	}): Promise<OnlineAnswer>;
	deactivate(device: { activationId: string; key: string }): Promise<void>;
	count(use: { key: string; counter: string; n?: number; idempotencyKey?: string }): Promise<Usage>;
	fetchFile(request: {
		key: string;
		fingerprint?: string;
		ttlSeconds?: number;
		encrypt?: boolean;
	}): Promise<{ file: string; id: string; seq: number; kid: string; expiresAt: string }>;
	fetchKeys(): Promise<PublicKeySet>;
	fetchRevocations(): Promise<RevocationList>;
}

export function createClient(options: {
	baseUrl: string;
	/** Your product: keys of others are refused. */
	productId?: string;
	fetch?: typeof globalThis.fetch;
	timeoutMs?: number;
}): Client;

/** The server has refused. */
export class LicenseServerError extends Error {
	readonly status: number;
	readonly code: string;
	/** With `device_limit`: who holds the seats. */
	readonly devices: Device[];
	readonly retryAfterSeconds: number | null;
}

/** Nothing came back; go on with the licence file. */
export class LicenseServerUnreachable extends Error {}

export function canonicalKey(key: string): string;
export function isWellFormedKey(key: string): boolean;
