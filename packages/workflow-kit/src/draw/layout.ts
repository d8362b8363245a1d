import type { Edge, NodeGroup, WorkflowNode } from '../model/model.ts';
import type { EdgePath, Point } from './edge-path.ts';
import type { Port } from './port.ts';

/**
 * Where n8n's editor puts everything, in pixels of its canvas at a zoom of 1 (measured in the editor
 * of n8n 2.41: test/editor). `position` is the top left corner.
 */
export interface Layout {
	nodes: PlacedNode[];
	/** In the order they are painted in: the largest first. */
	stickies: PlacedSticky[];
	edges: PlacedEdge[];
	groups: PlacedGroup[];
	/** Around everything, with labels. */
	bounds: Box;
}

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** configurable: has sub-nodes; configuration: is a sub-node; both at once is possible. */
export interface PlacedNode {
	node: WorkflowNode;
	box: Box;
	trigger: boolean;
	configurable: boolean;
	configuration: boolean;
	inputs: PlacedPort[];
	outputs: PlacedPort[];
}

/** x, y: the middle of the port. */
export interface PlacedPort extends Port, Point {
	/** Among the ports of the same type. */
	index: number;
}

export interface PlacedSticky {
	node: WorkflowNode;
	box: Box;
}

export interface PlacedEdge {
	edge: Edge;
	path: EdgePath;
}

/** An expanded group: a title over a frame around its nodes. */
export interface PlacedGroup {
	group: NodeGroup;
	title: Box;
	frame: Box;
}

export const STICKY_TYPE = 'n8n-nodes-base.stickyNote';
export const NODE_SIZE = 96;
export const SUB_NODE_SIZE = 80;
export const GRID = 16;
/** Half a port: edges begin and end at its outer side. */
export const PORT_RADIUS = 8;
/** Of coordinates and sizes; beyond it numbers lose their precision in renderers. */
export const FAR = 100_000;

/**
 * The editor moves everything to its grid: right and down to the next line, except that what is left
 * of or above the origin goes to the nearest.
 */
export function snap(value: number): number {
	const near = Math.min(FAR, Math.max(-FAR, Number.isFinite(value) ? value : 0));
	const up = Math.ceil(near / GRID) * GRID;
	if (near > 0 || near === up) return up === 0 ? 0 : up;
	const down = up - GRID;
	return Math.abs(near - up) < Math.abs(near - down) ? (up === 0 ? 0 : up) : down;
}
