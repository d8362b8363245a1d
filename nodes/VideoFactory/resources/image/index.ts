import type { Resource } from '../../../shared/service.ts';
import { upload } from './upload.ts';

export const image: Resource = { name: 'Image', value: 'image', operations: [upload] };
