import type { Operation } from '../../../shared/service.ts';
import { mediaAlt, mediaKind, mediaUrl, productId } from './fields.ts';

export const addMedia: Operation = {
	name: 'Add Media',
	value: 'addMedia',
	action: 'Add media to a product',
	description: 'Append an image, video or document to the media of a product',
	fields: [productId, mediaKind, { ...mediaUrl, required: true }, mediaAlt],
	request: (input) => ({
		method: 'POST',
		path: `/api/v1/products/${input.id('productId')}/media`,
		body: input.texts('kind', 'url', 'alt'),
	}),
};
