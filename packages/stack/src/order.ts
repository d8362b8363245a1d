import type { Component } from './component.ts';
import type { Supervised } from './supervised.ts';

/** Starts each component as soon as all it stands on is ready. Waits for every start that has begun, also when one fails. */
export async function inOrder(
	components: Component[],
	start: (component: Component) => Promise<void>,
	onFailure: () => Promise<void>,
): Promise<void> {
	const started = new Map<string, Promise<void>>();
	for (const component of components) {
		const before = component.after.flatMap((name) => started.get(name) ?? []);
		started.set(
			component.name,
			Promise.all(before).then(() => start(component)),
		);
	}
	try {
		await Promise.all(started.values());
	} catch (error) {
		await Promise.allSettled([onFailure(), ...started.values()]);
		throw error;
	}
}

/** Stops what nothing stands on first. */
export async function stopInOrder(
	components: Component[],
	supervised: Map<string, Supervised>,
	force: boolean,
): Promise<void> {
	const stopped = new Map<string, Promise<void>>();
	for (const component of components.toReversed()) {
		const users = components
			.filter(({ after }) => after.includes(component.name))
			.flatMap(({ name }) => stopped.get(name) ?? []);
		const wait = force ? Promise.resolve() : Promise.all(users);
		stopped.set(
			component.name,
			wait.then(() => supervised.get(component.name)?.stop({ force })),
		);
	}
	await Promise.all(stopped.values());
}
