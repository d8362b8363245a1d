// Writes environments.schema.json, by which editors complete and check environments.json: `node src/write-schema.ts`.
import { writeFileSync } from 'node:fs';
import { jsonText } from '@autopilot/workflow-kit';
import { environmentsSchema } from './environments.ts';

const file = new URL('../environments.schema.json', import.meta.url);
writeFileSync(file, jsonText(JSON.parse(JSON.stringify(environmentsSchema()))));
