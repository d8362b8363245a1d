import { optionsOf } from '../../shared/search.ts';

/** Voices the video factory can speak with. */
export const getVoices = optionsOf(
	{ name: 'Video Factory', credential: 'autopilotVideoFactoryApi' },
	'/api/v1/video/voices',
	({ name, language }) => [name, language].filter((part) => part).join(', '),
);
