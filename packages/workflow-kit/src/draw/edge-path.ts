export interface Point {
	x: number;
	y: number;
}

export interface EdgePath {
	/** One segment, or two for a way back. */
	segments: string[];
	/** Where the arrow heads are and where they point to: 1 right, -1 left. */
	arrows: (Point & { direction: 1 | -1 })[];
	/** For labels. */
	middle: Point;
	/** Corners of the box that the line stays in. */
	extent: [Point, Point];
}

const CURVATURE = 0.25;
const BACK_DEPTH = 130;
const BACK_PADDING = 40;
const BACK_RADIUS = 16;
/** An edge that goes back less than this is drawn as if it went forward. */
const BACK_SLACK = 20;

/** Between two main ports: a Bézier curve, or a way back under the nodes. */
export function mainEdge(source: Point, target: Point): EdgePath {
	if (source.x - BACK_SLACK > target.x) return wayBack(source, target);
	const reach = controlOffset(target.x - source.x);
	const from = { x: source.x + reach, y: source.y };
	const to = { x: target.x - reach, y: target.y };
	return bezier(source, from, to, target, [{ ...target, direction: 1 }]);
}

/** From a sub-node's top to its parent's bottom. */
export function subNodeEdge(source: Point, target: Point): EdgePath {
	const reach = controlOffset(source.y - target.y);
	const from = { x: source.x, y: source.y - reach };
	const to = { x: target.x, y: target.y + reach };
	return bezier(source, from, to, target, []);
}

/** Half the distance; backwards it grows with the root, so that near nodes do not make wide loops. */
function controlOffset(distance: number): number {
	return distance >= 0 ? 0.5 * distance : CURVATURE * 25 * Math.sqrt(-distance);
}

function bezier(
	source: Point,
	from: Point,
	to: Point,
	target: Point,
	arrows: EdgePath['arrows'],
): EdgePath {
	const points = [source, from, to, target];
	return {
		segments: [`M${at(source)} C${at(from)} ${at(to)} ${at(target)}`],
		arrows,
		middle: {
			x: source.x * 0.125 + from.x * 0.375 + to.x * 0.375 + target.x * 0.125,
			y: source.y * 0.125 + from.y * 0.375 + to.y * 0.375 + target.y * 0.125,
		},
		extent: extentOf(points),
	};
}

/** Out to the right, down, to the middle; then on to the left, up (or down) and into the target. */
function wayBack(source: Point, target: Point): EdgePath {
	const middle = { x: (source.x + target.x) / 2, y: source.y + BACK_DEPTH };
	const right = source.x + BACK_PADDING;
	const first = [
		source,
		{ x: right, y: source.y },
		{ x: right, y: middle.y },
		{ x: middle.x + BACK_PADDING, y: middle.y },
		middle,
	];
	const left = target.x - BACK_PADDING;
	// Where both ends lie within the padding, the outer end of the line comes in by the difference.
	const span = Math.abs(middle.x - target.x);
	const inset = span <= BACK_PADDING ? Math.min(BACK_PADDING - 1, BACK_PADDING - span) : 0;
	const second = [
		middle,
		{ x: middle.x - BACK_PADDING + inset, y: middle.y },
		{ x: left, y: middle.y },
		{ x: left, y: target.y },
		target,
	];
	return {
		segments: [rounded(first), rounded(second)],
		arrows: [
			{ ...middle, direction: -1 },
			{ ...target, direction: 1 },
		],
		middle,
		extent: extentOf([...first, ...second]),
	};
}

function rounded(corners: readonly Point[]): string {
	const points: Point[] = [];
	for (const point of corners) {
		const before = points.at(-2);
		const last = points.at(-1);
		if (before !== undefined && last !== undefined && liesBetween(before, last, point))
			points.pop();
		points.push(point);
	}
	const [start, ...rest] = points;
	const end = rest.at(-1);
	if (start === undefined || end === undefined) return '';
	let path = `M${at(start)}`;
	let from = start;
	rest.forEach((corner, index) => {
		const to = rest[index + 1];
		if (to !== undefined) path += bend(from, corner, to);
		from = corner;
	});
	return `${path} L${at(end)}`;
}

function liesBetween(a: Point, b: Point, c: Point): boolean {
	return (
		(a.x === b.x && b.x === c.x && (b.y - a.y) * (c.y - b.y) >= 0) ||
		(a.y === b.y && b.y === c.y && (b.x - a.x) * (c.x - b.x) >= 0)
	);
}

function bend(from: Point, corner: Point, to: Point): string {
	if ((from.x === corner.x && corner.x === to.x) || (from.y === corner.y && corner.y === to.y))
		return ` L${at(corner)}`;
	const radius = Math.min(distance(from, corner) / 2, distance(corner, to) / 2, BACK_RADIUS);
	const enter = towards(corner, from, radius);
	const leave = towards(corner, to, radius);
	return ` L${at(enter)} Q${at(corner)} ${at(leave)}`;
}

function towards(corner: Point, other: Point, radius: number): Point {
	return {
		x: corner.x + Math.sign(other.x - corner.x) * radius,
		y: corner.y + Math.sign(other.y - corner.y) * radius,
	};
}

function distance(a: Point, b: Point): number {
	return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function at({ x, y }: Point): string {
	return `${round(x)},${round(y)}`;
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

function extentOf(points: readonly Point[]): [Point, Point] {
	const low = { x: Infinity, y: Infinity };
	const high = { x: -Infinity, y: -Infinity };
	for (const { x, y } of points) {
		if (x < low.x) low.x = x;
		if (y < low.y) low.y = y;
		if (x > high.x) high.x = x;
		if (y > high.y) high.y = y;
	}
	return [low, high];
}
