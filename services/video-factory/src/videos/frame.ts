/** Frames per second of every video made here. */
export const FPS = 30;
/** Length of a crossfade in frames (0.4 s). */
export const CROSSFADE = 12;

export const aspects = ['9:16', '16:9', '1:1'] as const;
export type Aspect = (typeof aspects)[number];

/** Where things may stand in a frame, in pixels. */
export interface Frame {
	aspect: Aspect;
	width: number;
	height: number;
	/** Free of the buttons that the platforms lay over a video. */
	safe: { left: number; right: number; top: number };
	align: 'left' | 'center';
	/** Lower edge of the captions. */
	captionBottom: number;
	/** Box a picture of another shape is framed in. */
	frameBox: { x: number; y: number; width: number; height: number };
	/** The same where a price card stands below or beside it. */
	spotBox: { x: number; y: number; width: number; height: number };
	price: { y: number; size: number };
}

const shapes: Record<Aspect, Omit<Frame, 'aspect'>> = {
	'9:16': {
		width: 1080,
		height: 1920,
		safe: { left: 80, right: 1000, top: 230 },
		align: 'center',
		captionBottom: 1540,
		frameBox: { x: 70, y: 560, width: 940, height: 700 },
		spotBox: { x: 70, y: 220, width: 940, height: 750 },
		price: { y: 1010, size: 210 },
	},
	'16:9': {
		width: 1920,
		height: 1080,
		safe: { left: 130, right: 1790, top: 150 },
		align: 'left',
		captionBottom: 985,
		frameBox: { x: 1020, y: 120, width: 780, height: 680 },
		spotBox: { x: 1020, y: 120, width: 780, height: 680 },
		price: { y: 330, size: 210 },
	},
	'1:1': {
		width: 1080,
		height: 1080,
		safe: { left: 80, right: 1000, top: 100 },
		align: 'center',
		captionBottom: 985,
		frameBox: { x: 190, y: 330, width: 700, height: 480 },
		spotBox: { x: 190, y: 60, width: 700, height: 470 },
		price: { y: 560, size: 150 },
	},
};

export function frameOf(aspect: Aspect): Frame {
	return { aspect, ...shapes[aspect] };
}
