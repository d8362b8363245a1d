export type Severity = 'error' | 'warning' | 'info';

/** What is wrong, where, and what to do. */
export interface Finding {
	/** Stable name of the rule, in kebab case. */
	code: string;
	severity: Severity;
	message: string;
	advice: string;
	/** RFC 6901, into the document that was given. */
	pointer: string;
	/** Name of the node. */
	node?: string;
	/** Name of the workflow. */
	workflow?: string;
	/** First line and column, from 1, where the text itself is at fault. */
	line?: number;
	column?: number;
}

const ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Errors first; otherwise the order in which they were found. */
export function bySeverity(left: Finding, right: Finding): number {
	return ORDER[left.severity] - ORDER[right.severity];
}
