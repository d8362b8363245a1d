import { eventMigrations } from '@autopilot/events';
import { httpMigrations } from '@autopilot/http';
import { jobMigrations } from '@autopilot/jobs';
import { migrationsIn } from '@autopilot/postgres';

/** All tables of the marketing database, those of the packages first. */
export const migrations = [
	httpMigrations,
	eventMigrations,
	jobMigrations,
	migrationsIn('marketing-suite', import.meta.url),
];
