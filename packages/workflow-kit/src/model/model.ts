import type { Finding } from '../findings/finding.ts';
import type { Json, JsonObject } from './json.ts';

export interface Parsed {
	workflows: Workflow[];
	findings: Finding[];
	/** All that was given, with the wrappers around the workflows; left out when it is no JSON. */
	document?: Json;
}

export interface Workflow {
	/** Of the workflow object inside the document: '' or '/workflow' or '/3'. */
	pointer: string;
	id: string | undefined;
	/** Its own, else the wrapper's, else ''. */
	name: string;
	nodes: WorkflowNode[];
	edges: Edge[];
	settings: JsonObject;
	pinData: JsonObject;
	groups: NodeGroup[];
	/** The object as given, untouched. */
	source: JsonObject;
}

export interface WorkflowNode {
	pointer: string;
	/** In `nodes` of the source. */
	index: number;
	id: string | undefined;
	/** '' when it has none. */
	name: string;
	/** '' when it has none. */
	type: string;
	/** 1 when it has none. */
	typeVersion: number;
	/** Top left corner in pixels, finite. */
	position: [number, number];
	parameters: JsonObject;
	credentials: CredentialUse[];
	disabled: boolean;
	/** stopWorkflow, continueRegularOutput or continueErrorOutput; as written otherwise. */
	onError: string | undefined;
	notes: string | undefined;
	source: JsonObject;
}

export interface CredentialUse {
	type: string;
	id: string | undefined;
	name: string | undefined;
	pointer: string;
}

/** Names as they are written, whether such nodes exist or not. */
export interface Edge {
	pointer: string;
	source: string;
	/** 'main', 'ai_tool' ... */
	sourceType: string;
	sourceIndex: number;
	target: string;
	targetType: string;
	targetIndex: number;
}

export interface NodeGroup {
	id: string;
	name: string;
	/** Names of its nodes; ids that no node has stay as they are. */
	nodes: string[];
}
