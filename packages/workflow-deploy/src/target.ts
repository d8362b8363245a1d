import type { Environment } from './environments.ts';
import { logIn, n8nApi, type N8nApi } from './n8n/client.ts';
import { instanceOf, type Instance } from './n8n/instance.ts';
import { publicationOf, type Publication } from './n8n/publication.ts';
import { openTable, type Table } from './state/table.ts';

/** An n8n that is deployed to. */
export interface Target {
	environment: Environment;
	api: N8nApi;
	instance: Instance;
	table: Table;
	/** Tells whether triggers have subscribed; only with the owner's login. */
	publication: Publication | undefined;
}

/** @throws DeployError when n8n does not answer or does not take the key */
export async function openTarget(environment: Environment): Promise<Target> {
	const api = n8nApi(environment.url, environment.apiKey);
	const { owner } = environment;
	const [table, session] = await Promise.all([
		openTable(api),
		owner === undefined ? undefined : logIn(environment.url, owner),
	]);
	const publication = session && publicationOf(session);
	return { environment, api, instance: instanceOf(api), table, publication };
}
