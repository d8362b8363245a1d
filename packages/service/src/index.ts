export { type ApiParts, createServiceApp, runApi } from './api.ts';
export type { ServiceConfig, ServiceParts } from './parts.ts';
export { runWorker } from './worker.ts';
