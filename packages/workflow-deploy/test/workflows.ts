import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A workflow as a file has it. */
export interface Sample {
	id: string;
	name: string;
	nodes: Record<string, unknown>[];
	connections: Record<string, unknown>;
	settings: Record<string, unknown>;
}

export function uuid(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A webhook, a Set node with a text, and what it calls. */
export function hook(
	id: string,
	text: string,
	{
		calls,
		path: webhookPath = id,
		credential,
		settings = {},
	}: { calls?: string; path?: string; credential?: object; settings?: object } = {},
): Sample {
	const nodes: Sample['nodes'] = [
		node(
			id,
			'Hook',
			'n8n-nodes-base.webhook',
			2.1,
			{ httpMethod: 'POST', path: webhookPath, options: {} },
			{ webhookId: uuid(`${id} hook`) },
		),
		node(id, 'Say', 'n8n-nodes-base.set', 3.5, {
			mode: 'manual',
			assignments: {
				assignments: [{ id: uuid(`${id} text`), name: 'text', type: 'string', value: text }],
			},
			options: {},
		}),
	];
	const order = ['Hook', 'Say'];
	if (calls !== undefined) {
		nodes.push(
			node(id, 'Call', 'n8n-nodes-base.executeWorkflow', 1.3, {
				workflowId: { __rl: true, mode: 'id', value: calls },
				options: {},
			}),
		);
		order.push('Call');
	}
	if (credential !== undefined) {
		nodes.push(
			node(
				id,
				'Mail',
				'n8n-nodes-base.emailSend',
				2.1,
				{
					fromEmail: 'a@shop.example',
					toEmail: 'b@shop.example',
					subject: 's',
					emailFormat: 'text',
					text: 't',
					options: {},
				},
				{ credentials: { smtp: credential } },
			),
		);
		order.push('Mail');
	}
	return {
		id,
		name: id,
		nodes,
		connections: chain(order),
		settings: { executionOrder: 'v1', executionTimeout: 60, ...settings },
	};
}

/** A workflow that others call. */
export function sub(id: string): Sample {
	const nodes = [
		node(id, 'Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.2, {
			inputSource: 'passthrough',
		}),
		node(id, 'Done', 'n8n-nodes-base.noOp', 1, {}),
	];
	return {
		id,
		name: id,
		nodes,
		connections: chain(['Called', 'Done']),
		settings: { executionOrder: 'v1' },
	};
}

export function errorHandler(id: string): Sample {
	const nodes = [
		node(id, 'Failed', 'n8n-nodes-base.errorTrigger', 1, {}),
		node(id, 'Note', 'n8n-nodes-base.noOp', 1, {}),
	];
	return {
		id,
		name: id,
		nodes,
		connections: chain(['Failed', 'Note']),
		settings: { executionOrder: 'v1' },
	};
}

function node(
	workflow: string,
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
	extra: object = {},
) {
	return {
		id: uuid(`${workflow} ${name}`),
		name,
		type,
		typeVersion,
		position: [name.length * 48, 0],
		parameters,
		...extra,
	};
}

function chain(names: string[]): Record<string, unknown> {
	const pairs = names
		.slice(1)
		.map((name, index) => [names[index], { main: [[{ node: name, type: 'main', index: 0 }]] }]);
	return Object.fromEntries(pairs);
}

/** A folder with these files, removed by `remove`. */
export async function folderOf(samples: Sample[], others: Record<string, string> = {}) {
	const folder = await mkdtemp(path.join(tmpdir(), 'autopilot-deploy-'));
	const write = (sample: Sample) =>
		writeFile(path.join(folder, `${sample.id}.json`), `${JSON.stringify(sample, null, '\t')}\n`);
	await Promise.all([
		...samples.map(write),
		...Object.entries(others).map(([name, text]) => writeFile(path.join(folder, name), text)),
	]);
	return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) };
}
