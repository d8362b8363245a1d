// Writes src/facts/node-releases.ts: in which release of n8n each version of a node came.
//
//   node packages/workflow-kit/scripts/node-releases.ts
//
// It asks npm for the first release of each minor of n8n since 1.0 and looks into the node packages
// that this release depends on: about 8 MB a release, and what was read is kept in the cache. Only
// names and version numbers are taken.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

const PACKAGES = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'] as const;
const OLDEST = '1.0.0';
const FILE = path.resolve(import.meta.dirname, '../src/facts/node-releases.ts');
const CACHE = path.join(
	process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
	'autopilot',
	'node-releases',
);

/** Versions by type. */
type NodeVersions = Record<string, number[]>;
interface Release {
	n8n: string;
	packages: [string, string][];
}

const run = promisify(execFile);
const nodesSchema = z.array(
	z.object({
		name: z.string(),
		version: z.union([z.number(), z.array(z.number())]),
		usableAsTool: z.unknown().optional(),
	}),
);

const releases = await firstOfEachMinor();
const seen = new Map<string, Map<number, number>>();
for (const [index, release] of releases.entries()) {
	for (const [name, version] of release.packages) {
		for (const [type, versions] of Object.entries(await nodesOf(name, version))) {
			const known = seen.get(type) ?? new Map<number, number>();
			for (const one of versions) if (!known.has(one)) known.set(one, index);
			seen.set(type, known);
		}
	}
	console.log(`${release.n8n}: ${seen.size} types`);
}
await writeFile(FILE, await source());

async function firstOfEachMinor(): Promise<Release[]> {
	const schema = z.array(z.record(z.string(), z.string()));
	const fields = ['version', ...PACKAGES.map((name) => `dependencies.${name}`)];
	const listed = schema.parse(await npmView([`n8n@>=${OLDEST}`, ...fields]));
	const published = new Map<string, Set<string>>();
	for (const name of PACKAGES)
		published.set(name, new Set(z.array(z.string()).parse(await npmView([name, 'versions']))));
	const minors = new Map<string, Release>();
	const inOrder = listed.sort((left, right) =>
		byNumber(left['version'] ?? '', right['version'] ?? ''),
	);
	for (const entry of inOrder) {
		const n8n = entry['version'] ?? '';
		const packages = PACKAGES.flatMap((name): [string, string][] => {
			const version = entry[`dependencies.${name}`];
			return version === undefined ? [] : [[name, version]];
		});
		const minor = n8n.split('.').slice(0, 2).join('.');
		const isThere = packages.every(([name, version]) => published.get(name)?.has(version));
		if (/^\d+\.\d+\.\d+$/.test(n8n) && isThere && !minors.has(minor))
			minors.set(minor, { n8n, packages });
	}
	return [...minors.values()];
}

function byNumber(left: string, right: string): number {
	return left.localeCompare(right, 'en', { numeric: true });
}

async function npmView(args: string[]): Promise<unknown> {
	const { stdout } = await run('npm', ['view', ...args, '--json'], { maxBuffer: 64 * 1024 ** 2 });
	return JSON.parse(stdout);
}

async function nodesOf(name: string, version: string): Promise<NodeVersions> {
	const cached = path.join(CACHE, `${name.replace('/', '-')}-${version}.json`);
	const known = await readFile(cached, 'utf8').catch(() => undefined);
	if (known !== undefined)
		return z.record(z.string(), z.array(z.number())).parse(JSON.parse(known));
	const folder = await mkdtemp(path.join(tmpdir(), 'node-releases-'));
	try {
		const { stdout } = await run('npm', [
			...['pack', `${name}@${version}`, '--silent', '--ignore-scripts'],
			...['--pack-destination', folder],
		]);
		const archive = path.join(folder, stdout.trim());
		const types = await run('tar', ['-xzOf', archive, 'package/dist/types/nodes.json'], {
			maxBuffer: 256 * 1024 ** 2,
		});
		const versions = reduced(name, nodesSchema.parse(JSON.parse(types.stdout)));
		await mkdir(CACHE, { recursive: true });
		await writeFile(cached, JSON.stringify(versions));
		return versions;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function reduced(name: string, nodes: z.infer<typeof nodesSchema>): NodeVersions {
	const versions: NodeVersions = {};
	for (const node of nodes) {
		const type = node.name.includes('.') ? node.name : `${name}.${node.name}`;
		// n8n itself makes a tool of each node that says it can be one.
		const types = node.usableAsTool === undefined ? [type] : [type, `${type}Tool`];
		for (const one of types) {
			const all = new Set([...(versions[one] ?? []), ...[node.version].flat()]);
			versions[one] = [...all].sort((left, right) => left - right);
		}
	}
	return versions;
}

async function source(): Promise<string> {
	const lines = [...seen]
		.sort(([left], [right]) => (left < right ? -1 : 1))
		.map(([type, versions]) => {
			const pairs = [...versions].sort(([left], [right]) => left - right);
			// Most have one version that is as old as the list.
			const text = pairs
				.map(([version, index]) => (index === 0 ? `${version}` : `${version}@${index}`))
				.join(' ');
			return `'${type}': '${text}',`;
		});
	const text = `// Made by scripts/node-releases.ts from the node packages of published releases of n8n.

/** The releases that were looked at, oldest first. */
export const RELEASES: readonly string[] = ${JSON.stringify(releases.map(({ n8n }) => n8n))};

/** Versions of node types, each with the first of RELEASES that has it: \`1 2@5\`; no number where the oldest has it. */
export const NODE_RELEASES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};
`;
	return format(text, { ...(await resolveConfig(FILE)), filepath: FILE });
}
