/** What a document may cost. Anything above is refused with a finding, never read half. */
export interface Limits {
	/** Of the text, UTF-8. */
	maxBytes: number;
	/** Levels of objects and arrays. */
	maxDepth: number;
	/** Objects, arrays and scalars in one document. */
	maxValues: number;
	maxWorkflows: number;
	/** Of all workflows of the document. */
	maxNodes: number;
	maxEdges: number;
	/** More are counted in one last finding. */
	maxFindings: number;
}

/** Real files: up to 3 MB, 30 levels and some hundred nodes. n8n takes entries of 5 MiB. */
export const DEFAULT_LIMITS: Limits = {
	maxBytes: 8 * 1024 * 1024,
	maxDepth: 200,
	maxValues: 500_000,
	maxWorkflows: 1_000,
	maxNodes: 10_000,
	maxEdges: 50_000,
	maxFindings: 500,
};
