import { nowOf, type Sandbox } from '../sandbox.ts';

/** What comes due by itself; `run` in ../timetable.ts does it. */
export type Action =
	| 'session.expire'
	| 'debit.settle'
	| 'refund.succeed'
	| 'refund.fail'
	| 'subscription.trial-will-end'
	| 'subscription.period'
	| 'subscription.cancel'
	| 'subscription.dunning';

/** Clock of everything that hangs on no test clock. */
const WORLD = 'world';

/** @param due  Unix seconds on the object's own clock; an earlier plan for the same action is replaced */
export function schedule(
	{ state }: Sandbox,
	action: Action,
	id: string,
	due: number,
	testClock: string | null = null,
): void {
	state
		.sql('INSERT OR REPLACE INTO timers (id, action, clock, due) VALUES (?, ?, ?, ?)')
		.run(id, action, testClock ?? WORLD, due);
}

/** Forgets a plan, if there is one. */
export function unschedule({ state }: Sandbox, action: Action, id: string): void {
	state.sql('DELETE FROM timers WHERE id = ? AND action = ?').run(id, action);
}

/**
 * Does everything that is due on one clock up to a time, in order.
 * @param onEach  told the time of each step before it is done, so that a test clock can stand there
 */
export function runDue(
	sandbox: Sandbox,
	{
		testClock,
		until,
		onEach,
	}: { testClock: string | null; until: number; onEach?: (at: number) => void },
	run: (action: Action, id: string) => void,
): number {
	const next = sandbox.state.sql(
		'SELECT id, action, due FROM timers WHERE clock = ? AND due <= ? ORDER BY due, id LIMIT 1',
	);
	const remove = sandbox.state.sql('DELETE FROM timers WHERE id = ? AND action = ?');
	for (let done = 0; ; done += 1) {
		const row = next.get(testClock ?? WORLD, until);
		if (row === undefined) return done;
		remove.run(row['id'] ?? '', row['action'] ?? '');
		onEach?.(Number(row['due']));
		const action = ACTIONS.find((known) => known === row['action']);
		if (action !== undefined) run(action, String(row['id']));
	}
}

const ACTIONS: Action[] = [
	...([
		'session.expire',
		'debit.settle',
		'refund.succeed',
		'refund.fail',
		'subscription.trial-will-end',
	] as const),
	...(['subscription.period', 'subscription.cancel', 'subscription.dunning'] as const),
];

/** Whether anything of the world is due now. */
export function isDue(sandbox: Sandbox): boolean {
	const row = sandbox.state.sql('SELECT min(due) AS due FROM timers WHERE clock = ?').get(WORLD);
	return row?.['due'] != null && Number(row['due']) <= nowOf(sandbox);
}
