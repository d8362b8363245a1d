export { type App, type AppOptions, createApp, httpMigrations } from './app.ts';
export { type Caller, callerOf } from './api-keys/authenticate.ts';
export { generateKey, grants } from './api-keys/keys.ts';
export { type ApiKey, createApiKey, listApiKeys, revokeApiKey } from './api-keys/store.ts';
export { ConfigError, edgeOf, parseConfig, serviceEnvironment } from './config.ts';
export { compileContract, sendJson } from './contracts/contract.ts';
export { correlationIdOf } from './correlation.ts';
export {
	type Answer,
	type Command,
	commandRunner,
	type RunCommand,
} from './idempotency/command.ts';
export { deleteExpiredKeys } from './idempotency/store.ts';
export { createLogger, type Logger } from './logger.ts';
export { mergePatch } from './merge-patch.ts';
export { pageOf, pageQuery, toPage } from './paging.ts';
export {
	conflict,
	type Fault,
	invalidCursor,
	notFound,
	Problem,
	PROBLEM_TYPE,
	problemSchema,
	unprocessable,
} from './problem.ts';
export { createMetrics, type ReadinessChecks } from './probes.ts';
export { createProbeApp } from './probe-app.ts';
export { runProcess } from './process.ts';
export { connectRedis, Redis } from './redis.ts';
