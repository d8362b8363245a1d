import { parseArgs } from 'node:util';
import { startSampleWorld } from './world.ts';

// The sample world as a process: node packages/sample-world/src/main.ts --port 4090 [--host 0.0.0.0]
const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '4090' },
		host: { type: 'string', default: '127.0.0.1' },
	},
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
	console.error(`--port takes a number between 0 and 65535, not "${values.port}"`);
	process.exit(2);
}

const world = await startSampleWorld({ port, host: values.host });
console.log(JSON.stringify({ level: 'info', msg: 'sample world listens', url: world.url }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	process.once(signal, () => {
		world.close().catch((error: unknown) => {
			console.error(error);
			process.exitCode = 1;
		});
	});
}
