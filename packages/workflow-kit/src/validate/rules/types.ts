import { from, type Rule } from '../rule.ts';
import { node, showing } from './examples.ts';

const GOOD = showing(node('Here', 'set'));

export const typeRules = {
	'type-unknown': {
		severity: from('run', 'error'),
		title: 'A node is of a type that its package does not have',
		why: 'n8n shows a question mark in its place and refuses to publish the workflow.',
		advice: 'Correct the type, or upgrade n8n if it is new.',
		bad: showing(node('Here', 'n8n-nodes-base.httpRequst')),
		good: showing(node('Here', 'httpRequest', { url: 'https://shop.example' })),
	},
	'type-without-package': {
		severity: from('run', 'error'),
		title: 'A node’s type names no package',
		why: 'A type is `<package>.<node>`; n8n cannot look up anything else.',
		advice: 'Write the full type, such as `n8n-nodes-base.set`.',
		bad: showing({ ...node('Here', 'set'), type: 'set' }),
		good: GOOD,
	},
	'type-custom-folder': {
		severity: from('run', 'warning'),
		title: 'A node comes from a folder of custom nodes',
		why: '`CUSTOM.x` exists only where that very folder is set up; the same node in a package has another type.',
		advice: 'Install the node as a package and use its type.',
		bad: showing(node('Here', 'CUSTOM.store')),
		good: showing(node('Here', 'n8n-nodes-autopilot.store')),
	},
	'type-version-unknown': {
		severity: from('run', 'error'),
		title: 'A node is of a version that its type does not have',
		why: 'n8n refuses a version of its versioned nodes that it does not know; a file made by a newer n8n looks like this.',
		advice: 'Upgrade n8n, or write a version that it has.',
		bad: showing({ ...node('Here', 'httpRequest'), typeVersion: 99 }),
		good: showing(node('Here', 'httpRequest', { url: 'https://shop.example' })),
	},
	'type-superseded': {
		severity: { run: 'info', publish: 'warning' },
		title: 'A node is of a type that n8n no longer offers',
		why: 'n8n keeps such types for old workflows only and hides them from its panel.',
		advice: 'Replace it by its successor.',
		bad: showing(node('Here', 'n8n-nodes-base.spreadsheetFile')),
		good: showing(node('Here', 'n8n-nodes-base.extractFromFile')),
	},
	'credential-missing': {
		severity: from('run', 'error'),
		title: 'A credential that the node needs is not set',
		why: 'n8n refuses to publish the workflow, and the node could not log in.',
		advice: 'Set {"<type>": {"id", "name"}} in `credentials`.',
		bad: showing(
			node('Here', 'emailSend', { fromEmail: 'a@shop.example', toEmail: 'b@shop.example' }),
		),
		good: showing(
			node(
				'Here',
				'emailSend',
				{ fromEmail: 'a@shop.example', toEmail: 'b@shop.example' },
				{ credentials: { smtp: { id: 'mail', name: 'Mail' } } },
			),
		),
	},
	'credential-without-id': {
		severity: from('run', 'error'),
		title: 'A credential has no id',
		why: 'At the import n8n looks for a credential of that name and type; when there is none, or there are two, it refuses to publish.',
		advice: 'Write the id that the credential has in the instance.',
		bad: showing(
			node(
				'Here',
				'emailSend',
				{ fromEmail: 'a@shop.example', toEmail: 'b@shop.example' },
				{ credentials: { smtp: { name: 'Mail' } } },
			),
		),
		good: showing(
			node(
				'Here',
				'emailSend',
				{ fromEmail: 'a@shop.example', toEmail: 'b@shop.example' },
				{ credentials: { smtp: { id: 'mail', name: 'Mail' } } },
			),
		),
	},
	'credential-type-unknown': {
		severity: from('run', 'warning'),
		title: 'A credential is of a type that n8n does not have',
		why: 'Nobody can create such a credential; the name may be wrong, or belong to a community package.',
		advice: 'Correct the type.',
		bad: showing(
			node(
				'Here',
				'httpRequest',
				{ url: 'https://shop.example' },
				{
					credentials: { httpBasicAuht: { id: 'a1', name: 'Shop' } },
				},
			),
		),
		good: showing(
			node(
				'Here',
				'httpRequest',
				{ url: 'https://shop.example' },
				{
					credentials: { httpBasicAuth: { id: 'a1', name: 'Shop' } },
				},
			),
		),
	},
} as const satisfies Record<string, Rule>;
