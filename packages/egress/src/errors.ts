export type DenialCode =
	'scheme' | 'credentials' | 'characters' | 'invalid_url' | 'port' | 'address';

/**
 * The policy refuses the target. `detail` may be shown to the caller: it never names the address a
 * host resolved to, so that a refused request tells nothing about the private network.
 */
export class EgressDenied extends Error {
	override readonly name = 'EgressDenied';
	readonly code: DenialCode;
	readonly detail: string;

	constructor(code: DenialCode, detail: string) {
		super(detail);
		this.code = code;
		this.detail = detail;
	}
}

export type FailureCode = 'timeout' | 'too_large' | 'too_many_redirects' | 'network';

/** The target was allowed, but the exchange failed. The message is opaque; `cause` is for the log. */
export class EgressFailed extends Error {
	override readonly name = 'EgressFailed';
	readonly code: FailureCode;

	constructor(code: FailureCode, message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.code = code;
	}
}
