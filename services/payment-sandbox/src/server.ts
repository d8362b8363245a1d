import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createLogger, parseConfig, runProcess } from '@autopilot/http';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { State } from './state/state.ts';

const config = parseConfig(configSchema, process.env);
const logger = createLogger('payment-sandbox', config.LOG_LEVEL);

await runProcess(logger, async () => {
	mkdirSync(config.STORAGE_DIR, { recursive: true, mode: 0o700 });
	const state = new State(path.join(config.STORAGE_DIR, 'sandbox.sqlite'));
	const app = buildApp({ config, state, logger });
	await app.listen({ host: config.HOST, port: config.PORT });
	return async () => {
		await app.close();
		state.close();
	};
});
