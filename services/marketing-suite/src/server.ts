import { parseConfig } from '@autopilot/http';
import { runApi } from '@autopilot/service';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';
import { migrations } from './migrations.ts';
import { installBuiltInTemplates } from './templates/built-in.ts';
import { createCompiler } from './templates/compiler.ts';

const config = parseConfig(configSchema, process.env);

await runApi({ name: 'marketing-suite', config, migrations }, async (parts) => {
	const compiler = createCompiler();
	await installBuiltInTemplates(parts.db);
	return {
		app: await buildApp({ ...parts, config, compiler }),
		close: () => compiler.close(),
	};
});
