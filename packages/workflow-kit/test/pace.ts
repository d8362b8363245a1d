/** Processor time of one round on the machine that the limits of time were set on. */
const ROUND_MS = 4;
const ROUNDS = 10;

const text = JSON.stringify(
	Array.from({ length: 400 }, (_, n) => ({
		...{ name: `Node ${n}`, value: `={{ $json.a${n} + "x" }}`, position: [n, 2 * n] },
	})),
);

function round(): number {
	const before = process.cpuUsage();
	for (let turn = 0; turn < 4; turn += 1) {
		JSON.stringify(JSON.parse(text))
			.replace(/[a-z]+\d+/g, (word) => word.toUpperCase())
			.split('"')
			.map((word) => word.trim())
			.sort();
	}
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/**
 * A limit of time for this machine, as slow as it is right now: the given one, or more where the same work takes longer.
 * So a limit finds code that has become slow, and no machine that is.
 */
export function forThisMachine(limit: number): number {
	const rounds = Array.from({ length: ROUNDS }, round);
	return limit * Math.max(1, Math.min(...rounds) / ROUND_MS);
}
