export { noteUse, tidyCache } from './tidy.ts';
