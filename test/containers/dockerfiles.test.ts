import { existsSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { composeService, read, ROOT, services } from './compose-file.ts';

/** Instructions of a Dockerfile: comments dropped, continued lines joined, `[instruction, rest]`. */
function instructions(path: string): Array<[name: string, rest: string]> {
	return read(path)
		.replace(/^\s*#.*$/gm, '')
		.replace(/\\\n/g, ' ')
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => {
			const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
			return [name, rest];
		});
}

const named = (steps: ReturnType<typeof instructions>, name: string) =>
	steps.filter(([instruction]) => instruction === name).map(([, rest]) => rest);

const builds = Object.entries(services).flatMap(([name, { build }]) =>
	build === undefined
		? []
		: [{ name, dockerfile: build.dockerfile, service: build.args?.['SERVICE'] }],
);

const ignored = read('.dockerignore')
	.split('\n')
	.filter((line) => line !== '' && !line.startsWith('#'));

it.each(builds)('$name: everything that its image copies is in the context', (build) => {
	const sources = named(instructions(build.dockerfile), 'COPY')
		.filter((rest) => !rest.includes('--from='))
		.flatMap((rest) =>
			rest
				.split(/\s+/)
				.filter((word) => !word.startsWith('--'))
				.slice(0, -1),
		)
		.map((source) => source.replace('${SERVICE}', build.service ?? ''));
	expect(sources.length).toBeGreaterThan(0);
	for (const source of sources) {
		expect({ source, exists: existsSync(join(ROOT, source)) }).toEqual({ source, exists: true });
		expect(ignored).not.toContain(source);
	}
});

it.each(builds)('$name: its image starts from pinned tags or from stages of its own', (build) => {
	const stages: string[] = [];
	for (const rest of named(instructions(build.dockerfile), 'FROM')) {
		const [base = '', stage] = rest.replace('${SERVICE}', build.service ?? '').split(/\s+AS\s+/);
		if (!stages.includes(base)) expect(base).toMatch(/^[a-z0-9/-]+:\d[\w.-]*$/);
		if (stage !== undefined) stages.push(stage);
	}
});

describe('docker/service.Dockerfile', () => {
	const steps = instructions('docker/service.Dockerfile');

	it('has a system stage for every service', () => {
		const stages = named(steps, 'FROM').map((rest) => rest.split(/\s+AS\s+/)[1]);
		for (const service of readdirSync(join(ROOT, 'services'))) {
			expect(stages).toContain(`system-${service}`);
		}
	});

	it('ends as a user without rights, in the folder that the entry points are in', () => {
		expect(named(steps, 'USER').at(-1)).toBe('node');
		expect(named(steps, 'WORKDIR').at(-1)).toBe('/app/services/${SERVICE}');
		for (const service of readdirSync(join(ROOT, 'services'))) {
			// The sandbox does all it does in one process.
			const entries = service === 'payment-sandbox' ? ['server.ts'] : ['server.ts', 'worker.ts'];
			for (const entry of entries) {
				const path = `services/${service}/src/${entry}`;
				expect({ path, exists: existsSync(join(ROOT, path)) }).toEqual({ path, exists: true });
			}
		}
	});

	it('drops all development packages before it installs', () => {
		const install = named(steps, 'RUN').find((rest) => rest.includes('npm install'));
		expect(install).toMatch(/npm pkg delete devDependencies.*--workspaces.*npm install --omit=dev/);
	});
});

describe('docker/n8n.Dockerfile', () => {
	it('puts our package where n8n loads packages from, at the version that compose names', () => {
		const steps = instructions('docker/n8n.Dockerfile');
		const copied = named(steps, 'COPY').filter((rest) =>
			rest.includes('/home/node/.n8n/nodes/node_modules/n8n-nodes-autopilot/'),
		);
		expect(copied).toHaveLength(2);
		const [, version] = /n8nio\/n8n:(\S+)/.exec(named(steps, 'FROM').at(-1) ?? '') ?? [];
		expect(composeService('n8n-main').image).toBe(`autopilot/n8n:${version}`);
	});

	it('copies what the build command runs', () => {
		const { scripts } = z
			.object({ scripts: z.object({ build: z.string() }) })
			.parse(JSON.parse(read('package.json')));
		const copied = named(instructions('docker/n8n.Dockerfile'), 'COPY').flatMap((rest) =>
			rest.split(/\s+/),
		);
		for (const [file] of scripts.build.matchAll(/\S+\.m?[jt]s\b/g)) {
			expect(copied.some((source) => file === source || file.startsWith(`${source}/`))).toBe(true);
		}
	});

	it('carries the workflows that the provisioner imports', () => {
		expect(globSync('workflows/*.json', { cwd: ROOT }).length).toBeGreaterThan(0);
		expect(read('docker/n8n.Dockerfile')).toContain('COPY workflows /opt/autopilot/workflows');
	});
});

describe('.dockerignore', () => {
	it('keeps secrets, data and installed packages out of every image', () => {
		expect(ignored).toEqual(
			expect.arrayContaining(['.env', '.autopilot', '.git', '**/node_modules']),
		);
	});
});
