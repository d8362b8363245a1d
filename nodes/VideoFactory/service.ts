import type { Service } from '../shared/service.ts';
import { image } from './resources/image/index.ts';
import { video } from './resources/video/index.ts';
import { voice } from './resources/voice/index.ts';

/** The video factory as its node sees it. */
export const videoFactory: Service = {
	name: 'Video Factory',
	credential: 'autopilotVideoFactoryApi',
	resources: [video, image, voice],
};
