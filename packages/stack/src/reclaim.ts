import { setTimeout as delay } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import {
	findMarked,
	isAlive,
	signalGroup,
	signalOne,
	type ProcessIdentity,
} from './process-identity.ts';
import { forgetRun, readRun } from './run-file.ts';

const GRACE_MS = 12_000;
const POLL_MS = 50;

/**
 * Ends what a supervisor that died (kill -9, power) has left behind: the recorded components in reverse order,
 * asked first and then killed, then everything else that carries the mark of this data folder.
 * @returns the names of the components that were found alive
 */
export async function reclaim(layout: Layout): Promise<string[]> {
	const run = readRun(layout);
	const left = (run?.components ?? []).filter((component) => isAlive(component));
	// Services first, their stores last; each wave may need the next one to finish its work.
	for (const wave of wavesOf(left)) {
		for (const component of wave) signalOne(component, component.stopSignal);
		await endWithin(wave, GRACE_MS);
	}
	const strays = findMarked(layout.dataDir);
	for (const stray of strays) signalGroup(stray, 'SIGKILL');
	await endWithin(strays, GRACE_MS);
	forgetRun(layout);
	return left.map(({ name }) => name);
}

/** Stores (PostgreSQL, Redis, mail) after everything that writes to them. */
function wavesOf<Item extends { name: string }>(components: Item[]): Item[][] {
	const isStore = ({ name }: Item) => ['postgres', 'redis', 'mail'].includes(name);
	return [components.filter((item) => !isStore(item)), components.filter(isStore)];
}

async function endWithin(processes: ProcessIdentity[], graceMs: number): Promise<void> {
	const deadline = Date.now() + graceMs;
	while (processes.some(isAlive) && Date.now() < deadline) await delay(POLL_MS);
	for (const process of processes) signalGroup(process, 'SIGKILL');
	while (processes.some(isAlive)) await delay(POLL_MS);
}
