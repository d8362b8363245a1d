import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '@autopilot/stack';
import { checkPolicies, readEnvironmentRules } from '@autopilot/workflow-deploy';
import type { Finding, Parsed } from '@autopilot/workflow-kit';
import { CommandError } from '../exit.ts';
import type { Document } from './inputs.ts';

/** What the chosen environment finds in a document; nothing where none was chosen. */
export async function policiesOf(
	documents: Document[],
	{ env, environments }: { env?: string; environments?: string },
): Promise<(parsed: Parsed | undefined) => Finding[]> {
	if (env === undefined) {
		if (environments === undefined) return () => [];
		throw new CommandError(`${environments} has several environments.`, {
			advice: 'Name one: --env prod',
			exitCode: 2,
		});
	}
	const first = documents.find(({ file }) => file !== undefined)?.file;
	const folder = first === undefined ? path.join(projectRoot, 'workflows') : path.dirname(first);
	const file = environments ?? path.join(folder, 'environments.json');
	const text = await readFile(file, 'utf8').catch((cause: unknown) => {
		throw new CommandError(`${path.relative('.', file)} cannot be read.`, {
			advice: 'Name the file of the environments: --environments FILE',
			exitCode: 2,
			cause,
		});
	});
	const rules = readEnvironmentRules(text, env);
	const today = new Date().toISOString().slice(0, 10);
	return (parsed) => (parsed === undefined ? [] : checkPolicies(parsed, rules, today));
}
