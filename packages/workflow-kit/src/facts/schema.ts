import type { Json } from '../model/json.ts';

/** What the rules know about node types: reduced from what a running n8n says of itself. */
export interface Facts {
	format: 1;
	/** Of the n8n that was asked, where it is known. */
	n8nVersion?: string;
	nodes: NodeFacts[];
	credentials: CredentialFacts[];
}

/** One node type in some of its versions; a type with changed parameters has several. */
export interface NodeFacts {
	/** Full name: `n8n-nodes-base.set`. */
	type: string;
	versions: number[];
	/** Can start an execution. */
	trigger?: true;
	/** Waits for a call that goes on with an execution; n8n takes it for a trigger when it checks before publishing. */
	resumes?: true;
	/** n8n hides it from its panel: superseded. */
	hidden?: true;
	/** n8n makes a `<type>Tool` of it for AI agents. */
	tool?: true;
	inputs: Ports;
	outputs: Ports;
	credentials: CredentialSlot[];
	parameters: ParameterFacts[];
}

/** `dynamic` where n8n computes them from the parameters. */
export type Ports = PortFacts[] | 'dynamic';

export interface PortFacts {
	type: string;
	required?: true;
	/** Most connections it takes. */
	max?: number;
}

export interface CredentialSlot extends Shown {
	type: string;
	required?: true;
}

export interface CredentialFacts {
	type: string;
}

/** When a parameter is shown; conditions on its siblings, on `/root` ones, and on `@version`. */
export interface Shown {
	show?: Conditions;
	hide?: Conditions;
}

/** Parameter -> values, or `{_cnd: {operator: value}}`. */
export type Conditions = Record<string, Json[]>;

export interface ParameterFacts extends Shown {
	name: string;
	/** n8n's: string, options, collection, fixedCollection, resourceLocator ... */
	type: string;
	required?: true;
	default?: Json;
	/** Values of `options` and `multiOptions`; absent where n8n loads them from the service. */
	values?: Json[];
	/** Of a collection. */
	fields?: ParameterFacts[];
	/** Of a fixed collection. */
	groups?: { name: string; fields: ParameterFacts[] }[];
	/** A list of values is allowed. */
	multiple?: true;
	min?: number;
	max?: number;
	/** Of a resource locator, with the patterns that a value must match as a whole. */
	modes?: { name: string; patterns?: string[] }[];
	/** A secret is typed in here. */
	password?: true;
}
