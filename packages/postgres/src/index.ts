export { type Collapse, createCollapse } from './collapse.ts';
export { connect } from './database.ts';
export type { Database, Notification, Queryable, Tx } from './database.ts';
export { migrate, migrationsIn, pendingMigrations, waitForMigrations } from './migrations.ts';
export type { MigrationSource } from './migrations.ts';
export { decodeCursor, encodeCursor } from './cursor.ts';
export { statement, type Statement } from './statement.ts';
export { onUniqueViolation } from './unique-violation.ts';
