import type { Egress } from '@autopilot/egress';
import type { Logger, serviceEnvironment } from '@autopilot/http';
import type { Database, MigrationSource } from '@autopilot/postgres';
import type { z } from 'zod';

/** What the environment tells every service. */
export type ServiceConfig = z.output<z.ZodObject<typeof serviceEnvironment>>;

/** Which service a process belongs to. */
export interface Service {
	/** As in logs, metrics, names of connections and the title of its API. */
	name: string;
	config: ServiceConfig;
	migrations: MigrationSource[];
}

/** What every process of a service works with; opened before it starts, closed after it has stopped. */
export interface ServiceParts {
	db: Database;
	/** The only way out: nothing is fetched from, or told to, an address that the operator has not opened. */
	egress: Egress;
	logger: Logger;
}
