import { readFile } from 'node:fs/promises';
import type { Queryable } from '@autopilot/postgres';
import { installTemplate } from './store.ts';

/** Templates that come with the service, in `templates/`. */
export const builtInTemplates = [
	{
		name: 'product-launch',
		subject: 'Meet {{ data.title | default: data.product.title }}',
		file: new URL('../../templates/product-launch.mjml', import.meta.url),
	},
	{
		name: 'notice',
		subject: '{{ data.title }}',
		file: new URL('../../templates/notice.mjml', import.meta.url),
	},
];

/** Installs them at boot; what somebody has changed is theirs and stays. */
export async function installBuiltInTemplates(db: Queryable): Promise<void> {
	for (const { file, ...template } of builtInTemplates) {
		await installTemplate(db, { ...template, mjml: await readFile(file, 'utf8') });
	}
}
