export type { Coverage } from './coverage/coverage.ts';
export { type Engine, runWorkflow, startEngine } from './engine.ts';
export { n8nModules } from './engine/n8n-core.ts';
export type {
	CredentialData,
	NodeOutline,
	NodeOutput,
	NodeRun,
	PackageDescription,
	RunOptions,
	RunResult,
	SentRequest,
	WorkflowJson,
} from './engine/protocol.ts';
export { fixtureSchema } from './fixtures/fixture.ts';
export type { CaseResult } from './fixtures/run-case.ts';
export {
	type FileResult,
	readWorkflows,
	runTests,
	testFiles,
	type TestOptions,
	type TestReport,
} from './run-tests.ts';
export { reportText } from './text.ts';
