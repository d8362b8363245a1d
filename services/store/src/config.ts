import { serviceEnvironment } from '@autopilot/http';
import { z } from 'zod';

export const configSchema = z.object(serviceEnvironment);
export type Config = z.output<typeof configSchema>;
