export {
	diffWorkflows,
	onlyMoved,
	type Connection,
	type NodeDiff,
	type NodeMove,
	type NodeReference,
	type WorkflowDiff,
} from './diff.ts';
export { diffMarkdown } from './markdown.ts';
export { mergeWorkflows, type MergeConflict, type Merged } from './merge.ts';
export { diffSvg } from './svg.ts';
export { connectionText, diffText, placeText } from './text.ts';
export { diffValues, type ValueChange } from './values.ts';
