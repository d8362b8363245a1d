import { parseConfig } from '@autopilot/http';
import { runApi } from '@autopilot/service';
import { openStorage } from '@autopilot/storage';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';

const config = parseConfig(configSchema, process.env);

await runApi({ name: 'store', config, migrations }, async (parts) => ({
	app: await buildApp({ ...parts, config, storage: await openStorage(config) }),
}));
