export { canonicalWorkflow } from './canonical/canonical.ts';
export {
	canonicalDocument,
	canonicalText,
	replaceWorkflows,
	type CanonicalDocument,
} from './canonical/document.ts';
export { fingerprint, similarity, type Fingerprint } from './canonical/fingerprint.ts';
export { jsonText } from './canonical/text.ts';
export * from './diff/index.ts';
export * from './draw/index.ts';
export { bySeverity, type Finding, type Severity } from './findings/finding.ts';
export { formatGithub } from './findings/github.ts';
export { placesOf, type DocumentFindings, type Place } from './findings/places.ts';
export { toSarif, type RuleText } from './findings/sarif.ts';
export { countLine, formatText } from './findings/text.ts';
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
export { noContents, type PackageContents } from './package/contents.ts';
export { readPackage, type ReadPackage } from './package/read.ts';
export { ARCHIVE_LIMITS, type ArchiveLimits } from './package/tar.ts';
export { writePackage, type PackageOptions } from './package/write.ts';
export type { LeastRelease } from './requirements/least-release.ts';
export { packageOf, requirementsOf, type Requirements } from './requirements/requirements.ts';
export { redact, type Redacted } from './secrets/redact.ts';
export { scan, scanParsed } from './secrets/scan.ts';
export { compareFacts, type FactsChanges } from './facts/compare.ts';
export { isFacts } from './facts/read.ts';
export { OWN_NODES } from './facts/own-nodes.ts';
export { excerptOf } from './validate/excerpt.ts';
export { applyExemptions, readExemptions, type Exemption } from './validate/exemptions.ts';
export { reduceFacts } from './facts/reduce.ts';
export { lookUp, type FactsLookup, type NodeLookup } from './facts/lookup.ts';
export type { CredentialFacts, Facts, NodeFacts, ParameterFacts } from './facts/schema.ts';
export { neighboursIn, NO_NEIGHBOURS, type Neighbours } from './validate/neighbours.ts';
export {
	LAYERS,
	PROFILES,
	type Example,
	type Layer,
	type Profile,
	type Rule,
} from './validate/rule.ts';
export { isRuleCode, RULES, rulesByLayer, type RuleCode } from './validate/rules.ts';
export { ownFacts, validate, validateParsed, type ValidateOptions } from './validate/validate.ts';
