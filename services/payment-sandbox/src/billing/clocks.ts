import { newId, nowOf, save, type Sandbox } from '../sandbox.ts';
import { runDue } from '../state/timers.ts';
import { perform } from '../timetable.ts';
import { refused } from '../wire/error.ts';

/** A clock of its own for some customers: their time stands until it is moved. */
export interface TestClock {
	id: string;
	object: 'test_helpers.test_clock';
	created: number;
	deletes_after: number;
	frozen_time: number;
	livemode: false;
	name: string | null;
	status: 'ready' | 'advancing';
	status_details: Record<string, never>;
}

/** A clock that stands at `frozenTime`, in Unix seconds. */
export function createClock(sandbox: Sandbox, frozenTime: number, name: string | null): TestClock {
	const now = nowOf(sandbox);
	const clock: TestClock = {
		id: newId('clock'),
		object: 'test_helpers.test_clock',
		created: now,
		deletes_after: now + 30 * 86_400,
		frozen_time: frozenTime,
		livemode: false,
		name,
		status: 'ready',
		status_details: {},
	};
	save(sandbox, clock, 'test_helpers.test_clock.created');
	return clock;
}

/** Goes forward step by step, doing on the way all that comes due, and is there when it answers (Stripe takes a while). */
export function advanceClock(sandbox: Sandbox, clock: TestClock, to: number): TestClock {
	if (to <= clock.frozen_time) {
		throw refused('The frozen time of a test clock can only be moved forward.', {
			param: 'frozen_time',
		});
	}
	const advancing: TestClock = { ...clock, status: 'advancing' };
	save(sandbox, advancing, 'test_helpers.test_clock.advancing');
	runDue(
		sandbox,
		{
			testClock: clock.id,
			until: to,
			onEach: (at) => sandbox.state.put({ ...advancing, frozen_time: at }),
		},
		(action, id) => perform(sandbox, action, id),
	);
	const ready: TestClock = { ...clock, frozen_time: to, status: 'ready' };
	save(sandbox, ready, 'test_helpers.test_clock.ready');
	return ready;
}
