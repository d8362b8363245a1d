import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { reduceFacts } from '../src/facts/reduce.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');

export const OWN_NODES_FILE = path.resolve(
	import.meta.dirname,
	'..',
	'src',
	'facts',
	'own-nodes.ts',
);

const manifestSchema = z.object({
	name: z.string(),
	n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }),
});

/** The text of src/facts/own-nodes.ts, made of dist/. */
export async function ownNodesSource(): Promise<string> {
	const manifest = manifestSchema.parse(
		JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')),
	);
	const load = createRequire(path.join(root, 'package.json'));
	const make = (file: string, ending: string): unknown => {
		const exported: Record<string, new () => unknown> = load(path.join(root, file));
		const Class = exported[path.basename(file, ending)];
		if (Class === undefined) throw new Error(`${file} exports no class of its name.`);
		return new Class();
	};
	const nodes = manifest.n8n.nodes.map((file) => {
		return z.object({ description: z.unknown() }).parse(make(file, '.node.js')).description;
	});
	const credentials = manifest.n8n.credentials.map((file) => make(file, '.credentials.js'));
	// Through JSON: descriptions hold functions, which are no facts.
	const given: unknown = JSON.parse(JSON.stringify({ nodes, credentials }));
	const facts = reduceFacts(
		z.object({ nodes: z.unknown(), credentials: z.unknown() }).parse(given),
		`${manifest.name}.`,
	);
	const source = `// Made by scripts/own-nodes.ts from the nodes of this repository; a test says when it is out of date.
import type { Facts } from './schema.ts';

export const OWN_NODES: Facts = ${JSON.stringify(facts)};
`;
	const config = await resolveConfig(OWN_NODES_FILE);
	return format(source, { ...config, filepath: OWN_NODES_FILE });
}
