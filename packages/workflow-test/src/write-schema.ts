// Writes fixture.schema.json, by which editors complete and check test files: `node src/write-schema.ts`.
import { writeFileSync } from 'node:fs';
import { jsonText } from '@autopilot/workflow-kit';
import { fixtureSchema } from './fixtures/fixture.ts';

const file = new URL('../fixture.schema.json', import.meta.url);
writeFileSync(file, jsonText(JSON.parse(JSON.stringify(fixtureSchema()))));
