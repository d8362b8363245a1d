// Writes docs/workflow-rules.md: node packages/workflow-kit/scripts/handbook.ts
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { handbook } from '../src/validate/handbook.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
await writeFile(path.join(root, 'docs', 'workflow-rules.md'), handbook());
