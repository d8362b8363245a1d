import type { Operation } from '../../../shared/service.ts';
import { isObject, textOf } from '../../../shared/problem.ts';

export const send: Operation = {
	name: 'Send',
	value: 'send',
	action: 'Send an email',
	description: 'Send an email to one person for a reason of its own, such as an order',
	fields: [
		{
			displayName: 'To Email',
			name: 'toEmail',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'name@email.com',
		},
		{
			displayName: 'Template Name or ID',
			name: 'templateId',
			type: 'string',
			default: 'notice',
			required: true,
			description:
				'Template to write it with. "notice" comes with the service; it shows title, intro, lines, totals, secrets, facts, buttons and closing.',
		},
		{
			displayName: 'Data',
			name: 'data',
			type: 'json',
			default: '{"title": "", "intro": [""]}',
			description: 'What the template fills in, as a JSON object',
		},
		{
			displayName: 'Send Once Key',
			name: 'sendOnceKey',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-a-100001-confirmed',
			description: 'An email with a key that is known is not sent again, in any execution',
		},
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [
				{
					displayName: 'From Email',
					name: 'fromEmail',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
				},
				{ displayName: 'From Name', name: 'fromName', type: 'string', default: '' },
				{
					displayName: 'Reply To',
					name: 'replyTo',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
				},
				{
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
					description: 'Instead of the subject of the template',
				},
				{ displayName: 'To Name', name: 'toName', type: 'string', default: '' },
			],
		},
	],
	request: (input) => {
		const given = input.fields('additionalFields');
		const { fromEmail, fromName, toName, ...rest } = isObject(given) ? given : {};
		return {
			method: 'POST',
			path: '/api/mails',
			body: {
				to: { email: input.text('toEmail'), ...(textOf(toName) && { name: toName }) },
				...(textOf(fromEmail) && {
					from: { email: fromEmail, ...(textOf(fromName) && { name: fromName }) },
				}),
				...input.texts('templateId', 'sendOnceKey'),
				data: input.jsonObject('data'),
				...rest,
			},
		};
	},
};
