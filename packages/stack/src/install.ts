import type { Report } from './component.ts';
import { readStackEnvironment } from './config.ts';
import { DEFAULT_DATA_DIR } from './layout.ts';
import { ensureN8n, N8N_VERSION } from './n8n/install.ts';
import { buildNodePackage } from './n8n/node-package.ts';

/**
 * What tests need beyond the repository's own packages: n8n in the cache folder and the compiled node package.
 * @returns what is there now, for a message
 */
export async function installForTests(report: Report): Promise<string> {
	const tools = {
		environment: readStackEnvironment(),
		signal: new AbortController().signal,
		dataDir: DEFAULT_DATA_DIR,
	};
	await ensureN8n(tools, report);
	report('compiles the node package');
	await buildNodePackage(tools);
	return `n8n ${N8N_VERSION}`;
}
