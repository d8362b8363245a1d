// Applies a folder and kills itself with -9 at a point of it: `N8N_KEY=... node apply-child.ts URL FOLDER PHASE ID`.
import { apply, openTarget, plainEnvironment, readFolder } from '../src/index.ts';

const [url = '', folder = '', phase, id] = process.argv.slice(2);
const key = process.env['N8N_KEY'] ?? '';
const target = await openTarget(plainEnvironment('test', url, key));
await apply(target, await readFolder(folder), {
	onProgress(progress) {
		if (progress.phase === phase && progress.id === id) process.kill(process.pid, 'SIGKILL');
	},
});
