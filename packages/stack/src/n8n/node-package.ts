import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Tools } from '../component.ts';
import { outputOf, StackError } from '../errors.ts';
import { projectRoot } from '../layout.ts';
import { environmentForNpm } from './install.ts';

const manifest = z.looseObject({
	name: z.string(),
	version: z.string(),
	n8n: z.looseObject({ nodes: z.array(z.string()), credentials: z.array(z.string()) }),
});

/**
 * Compiles nodes/ and credentials/ to dist/ when a source is newer than what is there.
 * @throws StackError with the compiler's messages
 */
export async function buildNodePackage(tools: Tools): Promise<void> {
	const sources = globSync('{nodes,credentials,icons}/**/*.{ts,json,svg,png}', {
		cwd: projectRoot,
		exclude: (name) => name === 'test' || name === 'node_modules',
	});
	const newest = Math.max(0, ...sources.map((file) => modified(path.join(projectRoot, file))));
	const built = readManifest().n8n.nodes.map((file) => modified(path.join(projectRoot, file)));
	if (built.length > 0 && Math.min(...built) >= newest) return;
	try {
		// A build-info file that outlived a deleted dist/ would make tsc believe that all is done.
		const force = existsSync(path.join(projectRoot, 'dist')) ? [] : ['--', '--force'];
		await promisify(execFile)('npm', ['run', '--silent', 'build', ...force], {
			cwd: projectRoot,
			env: environmentForNpm(tools),
			signal: tools.signal,
		});
	} catch (error) {
		const output = outputOf(error, 'stdout');
		throw new StackError('install-failed', `The node package does not compile:\n${output}`, {
			advice: 'Correct the errors above; `npm run build` shows them again.',
			cause: error,
		});
	}
}

/**
 * Puts a copy of the compiled node package where n8n loads packages from, as `npm install` would: dist and
 * package.json, no devDependencies. A link instead would resolve n8n-workflow in our own node_modules and
 * bring a second copy of its classes into n8n.
 * @returns a fingerprint of what was deployed
 */
export async function deployNodePackage(userFolder: string): Promise<string> {
	const { devDependencies: _, workspaces: __, scripts: ___, ...published } = readManifest();
	const target = path.join(userFolder, '.n8n', 'nodes', 'node_modules', published.name);
	const draft = `${target}.draft`;
	await rm(draft, { recursive: true, force: true });
	await mkdir(draft, { recursive: true });
	await cp(path.join(projectRoot, 'dist'), path.join(draft, 'dist'), { recursive: true });
	await writeFile(path.join(draft, 'package.json'), JSON.stringify(published, null, '\t'));
	await rm(target, { recursive: true, force: true });
	await rename(draft, target);
	return await fingerprint(path.join(target, 'dist'));
}

async function fingerprint(folder: string): Promise<string> {
	const hash = createHash('sha256');
	for (const file of globSync('**/*.{js,json}', { cwd: folder }).sort()) {
		hash.update(file).update(await readFile(path.join(folder, file)));
	}
	return hash.digest('hex');
}

function readManifest() {
	return manifest.parse(JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')));
}

function modified(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
