import { DEFAULT_DATA_DIR, resolveName, services, type Service } from '@autopilot/stack';
import { InvalidArgumentError, Option } from 'commander';

/** Options that several commands take, worded once. */
export const dataOption = () =>
	new Option('--data <dir>', 'data folder of the stack').default(DEFAULT_DATA_DIR, '.autopilot');

export const portBaseOption = () =>
	new Option(
		'--port-base <n>',
		'first of the 99 ports the stack takes (default: 4000, and n8n on 5678)',
	).argParser(wholeNumber);

export const jsonOption = () => new Option('--json', 'print JSON for scripts, nothing else');

export function wholeNumber(text: string): number {
	const number = Number(text);
	if (!Number.isInteger(number) || number < 0)
		throw new InvalidArgumentError('Not a whole number.');
	return number;
}

export const serviceOption = () =>
	new Option('--service <name>', services.map(({ name }) => name).join(', '))
		.argParser(findService)
		.makeOptionMandatory();

function findService(text: string): Service {
	const service = services.find(({ name }) => name === resolveName(text));
	if (service === undefined) throw new InvalidArgumentError('No such service.');
	return service;
}
