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
