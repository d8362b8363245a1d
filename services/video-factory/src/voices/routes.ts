import type { App } from '@autopilot/http';
import { z } from 'zod';
import type { VoiceInfo } from '../adapters/voice.ts';

const voice = z.object({
	id: z.string(),
	name: z.string(),
	language: z.string(),
	gender: z.enum(['male', 'female', 'unknown']),
	engine: z.string(),
});

/** All voices at once: there are some 150, and they change only with the machine. */
export function voiceRoutes(app: App, { voices }: { voices: () => Promise<VoiceInfo[]> }): void {
	app.get(
		'/api/v1/video/voices',
		{
			config: { scope: 'videos:read' },
			schema: {
				tags: ['voices'],
				summary: 'List voices',
				querystring: z.object({ language: z.string().max(20).optional() }),
				response: { 200: z.object({ data: z.array(voice), nextCursor: z.null() }) },
			},
		},
		async ({ query: { language } }) => {
			const all = await voices();
			const data =
				language === undefined
					? all
					: all.filter(
							({ id }) =>
								id === language || id.startsWith(`${language}-`) || id.startsWith(`${language}+`),
						);
			return { data, nextCursor: null };
		},
	);
}
