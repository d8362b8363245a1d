import { z } from 'zod';
import { DeployError } from './errors.ts';
import type { Plan, PlanOptions } from './plan.ts';

const planFile = z.object({
	version: z.literal(1),
	environment: z.string(),
	url: z.string(),
	/** The folder, or the Git revision. */
	origin: z.string(),
	revision: z.string().optional(),
	filesHash: z.string(),
	instanceHash: z.string(),
	options: z.object({
		edited: z.enum(['refuse', 'overwrite', 'keep']),
		prune: z.boolean(),
	}),
	items: z.array(z.object({ id: z.string(), action: z.string() })),
});
/** A plan that somebody has looked at, bound to the files and to the state of the instance it was made for. */
export type PlanFile = z.output<typeof planFile>;

export function planFileOf(plan: Plan, options: PlanOptions): PlanFile {
	const { environment, url, origin, revision, filesHash, instanceHash, items } = plan;
	const { edited = 'refuse', prune = false } = options;
	return {
		...{ version: 1 as const, environment, url, origin, filesHash, instanceHash },
		...(revision === undefined ? {} : { revision }),
		options: { edited, prune },
		items: items.map(({ id, action }) => ({ id, action })),
	};
}

/** @throws DeployError for anything but a saved plan */
export function readPlanFile(text: string, name: string): PlanFile {
	const parsed = planFile.safeParse(parseJson(text));
	if (parsed.success) return parsed.data;
	throw new DeployError('bad-file', `${name} is no saved plan.`, {
		advice: 'Make one: autopilot workflows plan --out PLAN',
	});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
