export type DeployErrorCode =
	/** n8n did not answer, or refused. */
	| 'instance'
	/** The key lacks a scope, or is none. */
	| 'key'
	/** Another deployment is under way. */
	| 'locked'
	/** Files or instance are not what the plan was made for. */
	| 'stale-plan'
	/** The plan has findings that stop it. */
	| 'blocked'
	/** It failed and everything was put back. */
	| 'undone'
	/** It failed and could not all be put back yet. */
	| 'half-undone'
	| 'bad-environment'
	| 'bad-file';

/** What went wrong with a deployment, in words for its operator, with what to do about it. */
export class DeployError extends Error {
	readonly code: DeployErrorCode;
	readonly advice: string;

	constructor(
		code: DeployErrorCode,
		message: string,
		{ advice, cause }: { advice: string; cause?: unknown },
	) {
		super(message, { cause });
		this.name = 'DeployError';
		this.code = code;
		this.advice = advice;
	}
}

export function messageOf(error: unknown): string {
	if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
	return String(error.message);
}
