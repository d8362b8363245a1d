export { apply, type Applied, type ApplyOptions, type ApplyProgress } from './apply.ts';
export {
	environmentsSchema,
	plainEnvironment,
	readEnvironment,
	readEnvironmentRules,
	type Environment,
	type EnvironmentRules,
} from './environments.ts';
export { DeployError, type DeployErrorCode } from './errors.ts';
export {
	asWorkflowFiles,
	readFolder,
	readRevision,
	type FileWorkflow,
	type WorkflowFiles,
} from './files.ts';
export { DEPLOY_SCOPES, logIn, n8nApi, type N8nApi, type OwnerSession } from './n8n/client.ts';
export { publicationOf, type Publication } from './n8n/publication.ts';
export {
	blockersOf,
	changesOf,
	makePlan,
	type Edited,
	type Plan,
	type PlanItem,
	type PlanOptions,
} from './plan.ts';
export { openTarget, type Target } from './target.ts';
export { hasTrigger, leavesFirst, referencesOf } from './content/references.ts';
export { findDrift, type Drift, type DriftStatus } from './drift.ts';
export { planFileOf, readPlanFile, type PlanFile } from './plan-file.ts';
export { checkPolicies, POLICY_TEXTS } from './policies.ts';
export { pull, type Pulled, type PullOptions } from './pull.ts';
export { driftText, notForFiles, planText, type Paint } from './text.ts';
