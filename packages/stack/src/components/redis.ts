import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { speaks } from '../health.ts';
import { requireProgram } from '../programs.ts';

/** The system's redis-server on a port of its own, every write kept in its append-only file. */
export function redis(context: StackContext): Component {
	const { layout, secrets, environment } = context;
	const port = layout.ports.redis;
	const configFile = path.join(layout.redis, 'redis.conf');
	let program = '';
	return {
		name: 'redis',
		label: 'Redis',
		after: [],
		ports: [{ port, purpose: 'Redis' }],
		async prepare() {
			program = requireProgram('redis-server', environment.inherited['PATH'] ?? '', {
				apt: 'redis-server',
				dnf: 'redis',
				brew: 'redis',
			});
			mkdirSync(layout.redis, { recursive: true, mode: 0o700 });
			// In a file, not in arguments: everybody on the machine can read those.
			writeFileSync(configFile, configuration(layout.redis, port, secrets.redisPassword), {
				mode: 0o600,
			});
		},
		plan: () => ({
			name: 'redis',
			file: program,
			args: [configFile],
			env: environmentFor(context, 'redis', {}),
			cwd: layout.redis,
			isReady: async (signal) =>
				await speaks(port, '+PONG', { say: `AUTH ${secrets.redisPassword}\r\nPING\r\n`, signal }),
			readyWithinMs: 30_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 10_000,
		}),
		detail: () => `127.0.0.1:${port}`,
	};
}

function configuration(folder: string, port: number, password: string): string {
	return [
		`port ${port}`,
		'bind 127.0.0.1',
		`dir "${folder}"`,
		`requirepass ${password}`,
		'appendonly yes',
		'appendfsync everysec',
		'save ""',
		'daemonize no',
		// BullMQ loses jobs on a server that may throw keys away.
		'maxmemory-policy noeviction',
		// The queue's scripts run on logical databases 1 to 4, one for each service.
		'databases 16',
		'',
	].join('\n');
}
