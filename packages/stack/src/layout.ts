import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './errors.ts';

/** The root of the checkout this package runs from. */
export const projectRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

export const DEFAULT_DATA_DIR = path.join(projectRoot, '.autopilot');
export const DEFAULT_PORT_BASE = 4000;

export interface Ports {
	store: number;
	'marketing-suite': number;
	'video-factory': number;
	'research-bot': number;
	'store-worker': number;
	'marketing-suite-worker': number;
	'video-factory-worker': number;
	'research-bot-worker': number;
	smtp: number;
	postgres: number;
	redis: number;
	n8n: number;
	n8nBroker: number;
	inbox: number;
	sampleWorld: number;
	paymentSandbox: number;
}

/** Where a stack lives: its folders on disk and its ports. */
export interface Layout {
	dataDir: string;
	portBase: number;
	ports: Ports;
	logs: string;
	secretsFile: string;
	runFile: string;
	lockFile: string;
	storage: string;
	mail: string;
	redis: string;
	/** N8N_USER_FOLDER; n8n itself keeps everything in `.n8n` below it. */
	n8n: string;
}

/**
 * Plans a stack's folders and ports; touches nothing.
 * @throws StackError when the port base cannot be one
 */
export function layoutOf(options: { dataDir: string; portBase?: number }): Layout {
	const dataDir = path.resolve(options.dataDir);
	const base = options.portBase ?? DEFAULT_PORT_BASE;
	if (!Number.isInteger(base) || base < 1024 || base > 65_400) {
		throw new StackError('bad-setting', `The port base ${base} is not usable.`, {
			advice: 'Take a whole number from 1024 to 65400; the stack uses the 99 ports from there.',
		});
	}
	const inData = (name: string) => path.join(dataDir, name);
	return {
		dataDir,
		portBase: base,
		ports: portsFrom(base),
		logs: inData('logs'),
		secretsFile: inData('secrets.json'),
		runFile: inData('run.json'),
		lockFile: inData('run.lock'),
		storage: inData('storage'),
		mail: inData('mail'),
		redis: inData('redis'),
		n8n: inData('n8n'),
	};
}

function portsFrom(base: number): Ports {
	// The default stack's n8n sits where every n8n sits; a second stack keeps to its own hundred.
	const n8n = base === DEFAULT_PORT_BASE ? 5678 : base + 78;
	return {
		store: base + 1,
		'marketing-suite': base + 2,
		'video-factory': base + 3,
		'research-bot': base + 4,
		'store-worker': base + 11,
		'marketing-suite-worker': base + 12,
		'video-factory-worker': base + 13,
		'research-bot-worker': base + 14,
		smtp: base + 25,
		postgres: base + 32,
		paymentSandbox: base + 42,
		redis: base + 63,
		n8n,
		n8nBroker: n8n + 1,
		inbox: base + 80,
		sampleWorld: base + 90,
	};
}
