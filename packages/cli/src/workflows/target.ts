import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openStack, projectRoot } from '@autopilot/stack';
import {
	openTarget,
	plainEnvironment,
	readEnvironment,
	type Environment,
	type Target,
} from '@autopilot/workflow-deploy';
import { type Command, Option } from 'commander';
import { CommandError } from '../exit.ts';
import { dataOption } from '../options.ts';

/** Where workflows are deployed to, as all commands that talk to an n8n take it. */
export interface TargetChoice {
	env?: string;
	data: string;
	folder: string;
}

/** Adds the options that say which n8n and which folder. */
export function withTargetOptions(command: Command): Command {
	return command
		.addOption(
			new Option(
				'--env <name>',
				'an environment of environments.json; default: the n8n of the stack that runs here',
			),
		)
		.addOption(
			new Option('--folder <dir>', 'folder of the workflows').default(
				path.join(projectRoot, 'workflows'),
				'workflows',
			),
		)
		.addOption(dataOption());
}

/** @throws DeployError, StackError or CommandError when there is no such n8n */
export async function chosenTarget(choice: TargetChoice): Promise<Target> {
	return await openTarget(await chosenEnvironment(choice));
}

/** @throws CommandError or StackError when there is no such n8n */
export async function chosenEnvironment({ env, data, folder }: TargetChoice): Promise<Environment> {
	if (env !== undefined) {
		const file = path.join(folder, 'environments.json');
		const text = await readFile(file, 'utf8').catch((cause: unknown) => {
			throw new CommandError(`${file} cannot be read.`, {
				advice: 'packages/workflow-deploy/README.md shows what it holds.',
				exitCode: 2,
				cause,
			});
		});
		return readEnvironment(text, env, process.env);
	}
	const stack = await openStack(data);
	const { url, apiKey } = stack.n8n();
	const { ownerEmail: email, ownerPassword: password } = stack.secrets.n8n;
	const isOwn = apiKey === stack.secrets.n8n.apiKey;
	return {
		...plainEnvironment('stack', url, apiKey),
		...(isOwn ? { owner: { email, password } } : {}),
	};
}
