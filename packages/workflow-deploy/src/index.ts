export { apply, type Applied, type ApplyOptions, type ApplyProgress } from './apply.ts';
export {
	environmentsSchema,
	plainEnvironment,
	readEnvironment,
	type Environment,
} from './environments.ts';
export { DeployError, type DeployErrorCode } from './errors.ts';
export {
	asWorkflowFiles,
	readFolder,
	readRevision,
	type FileWorkflow,
	type WorkflowFiles,
} from './files.ts';
export {
	acceptsApiKey,
	DEPLOY_SCOPES,
	logIn,
	n8nApi,
	type N8nApi,
	type OwnerSession,
} from './n8n/client.ts';
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
