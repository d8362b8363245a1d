// tsc copies code and JSON to dist/; the icons that nodes and credentials name are copied here.
import { cp, rm } from 'node:fs/promises';

await rm('dist/icons', { recursive: true, force: true });
await cp('icons', 'dist/icons', {
	recursive: true,
	filter: (path) => path === 'icons' || /\.(svg|png)$/.test(path),
});
