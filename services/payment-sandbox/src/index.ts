export { buildApp } from './app.ts';
export { configSchema, type Config } from './config.ts';
export { State } from './state/state.ts';
