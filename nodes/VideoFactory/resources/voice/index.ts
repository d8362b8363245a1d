import type { Resource } from '../../../shared/service.ts';
import { getMany } from './getMany.ts';

export const voice: Resource = { name: 'Voice', value: 'voice', operations: [getMany] };
