import { type Flatted, n8nRequire, type N8nCore, type N8nWorkflow } from './n8n-core.ts';

const load = n8nRequire();

/** n8n's own packages, loaded once for the process. */
export const core: N8nCore = load('n8n-core');
export const n8nWorkflow: N8nWorkflow = load('n8n-workflow');
export const flatted: Flatted = load('flatted');
