import type { Resource } from '../../../shared/service.ts';
import { getRevenue } from './getRevenue.ts';
import { reconcile } from './reconcile.ts';

export const report: Resource = {
	name: 'Report',
	value: 'report',
	operations: [getRevenue, reconcile],
};
