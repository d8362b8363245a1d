import { eventMigrations } from '@autopilot/events';
import { httpMigrations } from '@autopilot/http';
import { jobMigrations } from '@autopilot/jobs';
import { migrationsIn } from '@autopilot/postgres';

/** All tables of the research bot's database, those of the packages first. */
export const migrations = [
	httpMigrations,
	eventMigrations,
	jobMigrations,
	migrationsIn('research-bot', import.meta.url),
];
