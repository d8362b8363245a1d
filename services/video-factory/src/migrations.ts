import { eventMigrations } from '@autopilot/events';
import { httpMigrations } from '@autopilot/http';
import { jobMigrations } from '@autopilot/jobs';
import { migrationsIn } from '@autopilot/postgres';

/** Tables of the service and of the packages it uses, in order. */
export const migrations = [
	httpMigrations,
	eventMigrations,
	jobMigrations,
	migrationsIn('video-factory', import.meta.url),
];
