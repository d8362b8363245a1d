export { createTestDatabase } from './database.ts';
export type { TestDatabase } from './database.ts';
export { startTestRedis } from './redis.ts';
export type { TestRedis } from './redis.ts';
export { until } from './until.ts';
export { freePort } from './port.ts';
