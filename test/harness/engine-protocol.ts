export type {
	CredentialData,
	NodeRun,
	PackageDescription,
	RunOptions,
	RunResult,
	WorkflowJson,
} from '@autopilot/workflow-test';
