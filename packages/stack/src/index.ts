export { startStack } from './stack.ts';
export type { Progress, Stack, StackComponent, StackOptions } from './stack.ts';
export { StackError } from './errors.ts';
export type { StackErrorCode } from './errors.ts';
