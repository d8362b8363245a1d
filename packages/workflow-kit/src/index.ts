export { bySeverity, type Finding, type Severity } from './findings/finding.ts';
export {
	isObject,
	own,
	ownString,
	setOwn,
	step,
	stepsOf,
	valueAt,
	type Json,
	type JsonObject,
} from './model/json.ts';
export { DEFAULT_LIMITS, type Limits } from './model/limits.ts';
export type {
	CredentialUse,
	Edge,
	NodeGroup,
	Parsed,
	Workflow,
	WorkflowNode,
} from './model/model.ts';
export { parse } from './model/parse.ts';
export { PARSE_PROBLEMS, type ParseCode } from './model/problems.ts';
