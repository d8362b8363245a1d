import { parseConfig } from '@autopilot/http';
import { runApi } from '@autopilot/service';
import { openStorage } from '@autopilot/storage';
import { createEspeak } from './adapters/espeak.ts';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';

const config = parseConfig(configSchema, process.env);

await runApi({ name: 'video-factory', config, migrations }, async (parts) => ({
	app: await buildApp({
		...{ ...parts, config, voice: createEspeak() },
		storage: await openStorage(config),
	}),
}));
