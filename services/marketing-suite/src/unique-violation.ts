const UNIQUE_VIOLATION = '23505';

/**
 * Runs a statement and turns the violation of a known unique constraint into its problem. The constraint decides,
 * not a look beforehand: between a look and an insert another insert may come.
 * @param problems  by name of the constraint
 */
export async function onUniqueViolation<Result>(
	problems: Record<string, () => Error>,
	run: () => Promise<Result>,
): Promise<Result> {
	try {
		return await run();
	} catch (error) {
		throw problemOf(error, problems) ?? error;
	}
}

function problemOf(error: unknown, problems: Record<string, () => Error>): Error | undefined {
	if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
	if (error.code !== UNIQUE_VIOLATION || typeof error.constraint !== 'string') return undefined;
	return problems[error.constraint]?.();
}
