import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../../shared/fields.ts';

export const listId: INodeProperties = locator({
	label: 'List',
	name: 'listId',
	search: 'searchLists',
	description: 'The list to work on',
});

export const listName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Newsletter',
};

export const listDescription: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
};
