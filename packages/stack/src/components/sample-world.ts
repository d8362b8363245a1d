import path from 'node:path';
import { environmentFor, type Component, type StackContext } from '../component.ts';
import { answersOk } from '../health.ts';
import { projectRoot } from '../layout.ts';

const program = path.join(projectRoot, 'packages', 'sample-world', 'src', 'main.ts');

/** A few invented competitor shops on this machine, for the demo and the tests. */
export function sampleWorld(context: StackContext): Component {
	const { layout, wiring } = context;
	const port = layout.ports.sampleWorld;
	return {
		name: 'sample-world',
		label: 'Sample world',
		after: [],
		ports: [{ port, purpose: 'sample world' }],
		plan: () => ({
			name: 'sample-world',
			file: process.execPath,
			args: [program, '--port', String(port)],
			env: environmentFor(context, 'sample-world', {}),
			cwd: layout.dataDir,
			isReady: (signal) => answersOk(`http://127.0.0.1:${port}/`, signal),
			readyWithinMs: 20_000,
			stopSignal: 'SIGTERM',
			stopWithinMs: 5000,
		}),
		detail: () => wiring.sampleWorldUrl,
	};
}
