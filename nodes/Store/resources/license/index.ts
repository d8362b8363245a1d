import type { Resource } from '../../../shared/service.ts';
import { activate } from './activate.ts';
import { create } from './create.ts';
import { deactivate } from './deactivate.ts';
import { get } from './get.ts';
import { getKey } from './getKey.ts';
import { getMany } from './getMany.ts';
import { importMany } from './importMany.ts';
import { reinstate } from './reinstate.ts';
import { renew } from './renew.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';
import { suspend } from './suspend.ts';
import { transfer } from './transfer.ts';
import { validate } from './validate.ts';

export const license: Resource = {
	name: 'License',
	value: 'license',
	operations: [
		create,
		get,
		getMany,
		getKey,
		importMany,
		validate,
		activate,
		deactivate,
		suspend,
		reinstate,
		revoke,
		rotate,
		renew,
		transfer,
	],
};
