// What tsc leaves behind: the node package's icons go beside the compiled files that name them.
import { cpSync, globSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
for (const file of globSync('{nodes,credentials,icons}/**/*.{svg,png}', { cwd: root })) {
	cpSync(path.join(root, file), path.join(root, 'dist', file));
}
