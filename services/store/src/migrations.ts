import { eventMigrations } from '@autopilot/events';
import { httpMigrations } from '@autopilot/http';
import { migrationsIn } from '@autopilot/postgres';

/** All tables of the store's database, those of the packages first. */
export const migrations = [httpMigrations, eventMigrations, migrationsIn('store', import.meta.url)];
