import { readFileSync } from 'node:fs';
import path from 'node:path';
import { lookUp, OWN_NODES, reduceFacts, type Facts, type FactsLookup } from '../src/index.ts';
import { n8nModules } from '../../../test/harness/n8n-core.ts';

const PACKAGES = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'];

let known: FactsLookup | undefined;

/** Facts of the n8n that the tests have on disk; an operator's come from a running one. */
export function n8nFacts(): FactsLookup {
	return (known ??= lookUp(OWN_NODES, ...PACKAGES.map(readPackage)));
}

function readPackage(name: string): Facts {
	const read = (kind: string): unknown =>
		JSON.parse(
			readFileSync(path.join(n8nModules(), name, 'dist', 'types', `${kind}.json`), 'utf8'),
		);
	return reduceFacts(
		{ nodes: read('nodes'), credentials: read('credentials'), n8nVersion: '2.41.1' },
		`${name}.`,
	);
}
