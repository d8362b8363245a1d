export type StackErrorCode =
	| 'port-taken'
	| 'already-running'
	| 'not-running'
	| 'missing-program'
	| 'start-failed'
	| 'install-failed'
	| 'provision-failed'
	| 'bad-setting'
	| 'unknown-component';

/** What went wrong with the stack, in words for its operator, with what to do about it. */
export class StackError extends Error {
	readonly code: StackErrorCode;
	readonly advice: string;

	constructor(
		code: StackErrorCode,
		message: string,
		{ advice, cause }: { advice: string; cause?: unknown },
	) {
		super(message, { cause });
		this.name = 'StackError';
		this.code = code;
		this.advice = advice;
	}
}

/**
 * Node's own code of an error (ENOENT, ESRCH ...), undefined for other things. Not by `instanceof Error`: inside Jest's
 * sandbox Node's errors are of another Error.
 */
export function codeOf(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}

/** What a failed child process has written, as `execFile` hands it on. */
export function outputOf(error: unknown, stream: 'stdout' | 'stderr'): string {
	if (typeof error !== 'object' || error === null || !(stream in error)) return '';
	return String(Reflect.get(error, stream));
}

export function messageOf(error: unknown): string {
	if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
	return String(error.message);
}
