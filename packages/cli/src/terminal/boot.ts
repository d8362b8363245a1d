import { startStack, type Progress, type Stack, type StackOptions } from '@autopilot/stack';
import { colour, print } from './print.ts';
import { runSteps, type Done, type Line } from './steps.ts';

/** Boots a stack and shows each component as it comes up; afterwards tells on stderr when one crashes and returns. */
export async function bootVisibly(options: StackOptions): Promise<Stack> {
	const rows = new Map<string, Row>();
	let shown: Promise<void> = Promise.resolve();
	let booted = false;
	const booting = startStack({
		...options,
		onPlan(components) {
			for (const { name, label } of components) rows.set(name, new Row(label));
			shown = runSteps([...rows.values()].map((row) => row.step()));
			// Why it failed is told by the boot itself; a rejected view must not be told twice.
			shown.catch(() => undefined);
		},
		onProgress(progress) {
			rows.get(progress.component)?.heard(progress);
			if (booted || progress.state === 'reclaimed' || progress.state === 'replaced') {
				tellLate(progress);
			}
		},
	});
	try {
		const stack = await booting;
		await shown;
		booted = true;
		return stack;
	} catch (error) {
		for (const row of rows.values()) row.giveUp(error);
		await shown.catch(() => undefined);
		throw error;
	}
}

/** One component's line: a promise that the boot's events settle. */
class Row {
	readonly #label: string;
	readonly #done = Promise.withResolvers<Done>();
	#line: Line | undefined;

	constructor(label: string) {
		this.#label = label;
		this.#done.promise.catch(() => undefined);
	}

	step() {
		return {
			title: this.#label,
			work: (line: Line) => {
				this.#line = line;
				return this.#done.promise;
			},
		};
	}

	heard({ state, detail, tookMs }: Progress): void {
		if (state === 'ready') {
			this.#done.resolve({
				result: undefined,
				...(detail === undefined ? {} : { note: colour('dim', detail) }),
				...(tookMs === undefined ? {} : { tookMs }),
			});
		} else if (detail !== undefined) {
			this.#line?.detail(detail);
		}
	}

	giveUp(error: unknown): void {
		this.#done.reject(error);
	}
}

function tellLate({ state, label, detail }: Progress): void {
	switch (state) {
		case 'crashed':
			return print(`${colour('yellow', '!')} ${label} ${detail ?? 'crashed'}`);
		case 'ready':
			return print(`${colour('green', '✔')} ${label} is ready again`);
		case 'reclaimed':
			return print(
				`${colour('yellow', '!')} ended what an earlier run left behind: ${detail ?? ''}`,
			);
		case 'replaced':
			return print(`${colour('cyan', '·')} ${label} is yours (${detail ?? ''}), not started`);
		case 'preparing':
		case 'starting':
		case 'stopping':
		case 'stopped':
	}
}
