import type { StackEnvironment } from './config.ts';
import type { Layout } from './layout.ts';
import type { PortNeed } from './ports.ts';
import { MARKER } from './process-identity.ts';
import type { Secrets } from './secrets.ts';
import type { ProcessPlan } from './supervised.ts';
import type { Wiring } from './wiring.ts';

/** Everything a component may build its plan from. */
export interface StackContext {
	layout: Layout;
	environment: StackEnvironment;
	secrets: Secrets;
	wiring: Wiring;
	/** Folder with the workflow JSON that n8n gets, or undefined for none. */
	workflows: string | undefined;
	/** Variables set by the caller on top, by component name. */
	overrides: Record<string, Record<string, string>>;
	/** Aborted when the stack is stopped: long preparations must end then. */
	signal: AbortSignal;
}

/** What npm and the compiler need of a stack; they also run where there is none. */
export interface Tools {
	environment: StackEnvironment;
	signal: AbortSignal;
	/** Marks their processes, so that the next boot finds them when this one is killed. */
	dataDir: string;
}

/** Tells the operator what a component is at. */
export type Report = (detail: string) => void;

/** One part of the stack: a process with what comes before and after it, or only a step. */
export interface Component {
	name: string;
	/** For people: "Marketing Suite worker". */
	label: string;
	/** Names of the components that must be ready first; those that are not part of this stack are passed over. */
	after: string[];
	ports: PortNeed[];
	prepare?: (report: Report) => Promise<void>;
	/** Absent for a step without a process. Asked after `prepare`. */
	plan?: () => ProcessPlan;
	finish?: (report: Report) => Promise<void>;
	/** What is worth knowing once it is ready: an address, a version. */
	detail?: () => string;
}

/** The environment of a component's process: the machine's own, the stack's marker, the component's, the caller's. */
export function environmentFor(
	context: StackContext,
	name: string,
	own: Record<string, string>,
): Record<string, string> {
	return {
		...context.environment.inherited,
		[MARKER]: context.layout.dataDir,
		...own,
		...context.overrides[name],
	};
}
