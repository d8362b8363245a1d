// Writes src/facts/own-nodes.ts from the compiled nodes of this repository: node packages/workflow-kit/scripts/own-nodes.ts
import { writeFile } from 'node:fs/promises';
import { OWN_NODES_FILE, ownNodesSource } from './own-nodes-source.ts';

await writeFile(OWN_NODES_FILE, await ownNodesSource());
