import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { codeOf, StackError } from './errors.ts';

/** Where the first of these programs that is on this PATH is, or undefined. */
export function findProgram(names: string[], searchPath: string): string | undefined {
	for (const name of names) {
		for (const folder of searchPath.split(path.delimiter)) {
			const file = path.join(folder, name);
			if (isExecutable(file)) return file;
		}
	}
	return undefined;
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch (error) {
		if (codeOf(error) === undefined) throw error;
		return false;
	}
}

/**
 * @param packages  its package for apt, dnf and brew
 * @throws StackError with the command that brings it
 */
export function requireProgram(
	name: string,
	searchPath: string,
	packages: { apt: string; dnf: string; brew: string },
): string {
	const file = findProgram([name], searchPath);
	if (file !== undefined) return file;
	throw new StackError('missing-program', `${name} is not installed.`, {
		advice: `apt install ${packages.apt}  ·  dnf install ${packages.dnf}  ·  brew install ${packages.brew}`,
	});
}
