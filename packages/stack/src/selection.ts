import type { Component, StackContext } from './component.ts';
import { mail } from './components/mail.ts';
import { n8n, workflows } from './components/n8n.ts';
import { foreignDatabases, postgres } from './components/postgres.ts';
import { paymentSandbox } from './components/payment-sandbox.ts';
import { redis } from './components/redis.ts';
import { sampleWorld } from './components/sample-world.ts';
import { serviceApi, serviceWorker } from './components/services.ts';
import { StackError } from './errors.ts';
import { services } from './services.ts';

/**
 * The components of a stack, each after what it stands on.
 * @param choice.only  names of components or services; what they stand on comes along
 * @throws StackError for a name that no component has
 */
export function selectComponents(
	context: StackContext,
	choice: { only?: string[]; sampleWorld?: boolean },
): Component[] {
	const { replaced } = context.wiring;
	const offered = [
		replaced.has('postgres') ? foreignDatabases(context) : postgres(context),
		redis(context),
		mail(context),
		sampleWorld(context),
		...paymentSandbox(context),
		...services.flatMap((service) => [
			serviceApi(context, service),
			serviceWorker(context, service),
		]),
		n8n(context),
	].filter(({ name }) => !replaced.has(name));
	const wanted = choice.only === undefined ? undefined : withGround(choice.only, offered);
	const chosen = offered.filter(({ name }) =>
		name === 'sample-world'
			? choice.sampleWorld === true || wanted?.has(name) === true
			: (wanted?.has(name) ?? true),
	);
	const names = new Set(chosen.map(({ name }) => name));
	// Publishing makes triggers subscribe at the services, so all of them must be there.
	const canPublish = [...services.map(({ name }) => name), 'n8n'].every(
		(name) => names.has(name) || (name !== 'n8n' && replaced.has(name)),
	);
	return canPublish ? [...chosen, workflows(context)] : chosen;
}

/** The full name of a component: `video` is `video-factory`, `video-worker` is `video-factory-worker`. */
export function resolveName(name: string): string {
	const service = services.find(
		({ database }) => name === database || name === `${database}-worker`,
	);
	return service === undefined ? name : name.replace(service.database, service.name);
}

function withGround(names: string[], offered: Component[]): Set<string> {
	const byName = new Map(offered.map((component) => [component.name, component]));
	const found = new Set<string>();
	const add = (name: string) => {
		const component = byName.get(name);
		if (component === undefined || found.has(name)) return;
		found.add(name);
		component.after.forEach(add);
	};
	for (const given of names) {
		const name = resolveName(given);
		if (!byName.has(name)) {
			throw new StackError('unknown-component', `There is no component ${given}.`, {
				advice: `There are ${[...byName.keys()].join(', ')}.`,
			});
		}
		add(name);
		// A service is both of its processes.
		if (services.some((service) => service.name === name)) add(`${name}-worker`);
	}
	return found;
}
