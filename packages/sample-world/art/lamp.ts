/** What a finish of the lamp needs to be drawn: the painted shade, from shadow to highlight, and the metal. */
export type Finish = {
	deep: string;
	body: string;
	light: string;
	sheen: string;
	metal: [dark: string, mid: string, bright: string];
};

const BRASS: Finish['metal'] = ['#5d3d17', '#b58541', '#f7dfa6'];

export const FINISHES = {
	sand: { deep: '#8a5f3a', body: '#dcae7c', light: '#f6d8b0', sheen: '#fff6ea', metal: BRASS },
	forest: { deep: '#0f2a22', body: '#2a5546', light: '#4d8270', sheen: '#cfe9dc', metal: BRASS },
	coral: { deep: '#7c2a1d', body: '#c9573f', light: '#e98a6f', sheen: '#ffe6dc', metal: BRASS },
} satisfies Record<string, Finish>;

/**
 * Draws the lamp as an SVG group whose origin is the middle of the foot; it is 840 units high.
 * The eye is between table and shade: the foot shows its top, the shade shows its lit underside.
 *
 * @param id prefix of the gradients' ids, unique in the document
 * @param ambient 0..1, how much of the shade the room's own light shows; the rest lies in the dark
 */
export function lamp(id: string, finish: Finish, ambient: number): string {
	const { deep, body, light, sheen, metal } = finish;
	const [dark, mid, bright] = metal;
	return `
<defs>
	<linearGradient id="${id}-shade" x1="0" x2="1">
		<stop offset="0" stop-color="${deep}"/><stop offset=".1" stop-color="${body}"/>
		<stop offset=".32" stop-color="${light}"/><stop offset=".62" stop-color="${body}"/>
		<stop offset=".93" stop-color="${deep}"/><stop offset="1" stop-color="${body}"/>
	</linearGradient>
	<linearGradient id="${id}-fall" x1="0" x2="0" y1="0" y2="1">
		<stop offset="0" stop-color="#fff" stop-opacity="${0.16 * ambient}"/>
		<stop offset=".45" stop-color="#000" stop-opacity="0"/>
		<stop offset="1" stop-color="#000" stop-opacity=".42"/>
	</linearGradient>
	<radialGradient id="${id}-under" cx=".5" cy=".35" r=".62" gradientTransform="matrix(1 0 0 .9 0 .05)">
		<stop offset="0" stop-color="#fffdf4"/><stop offset=".55" stop-color="#fff0c4"/>
		<stop offset=".86" stop-color="#ffcf7d"/><stop offset="1" stop-color="#d98a35"/>
	</radialGradient>
	<linearGradient id="${id}-metal" x1="0" x2="1">
		<stop offset="0" stop-color="${dark}"/><stop offset=".2" stop-color="${mid}"/>
		<stop offset=".36" stop-color="${bright}"/><stop offset=".52" stop-color="${mid}"/>
		<stop offset=".85" stop-color="${dark}"/><stop offset="1" stop-color="${mid}"/>
	</linearGradient>
	<linearGradient id="${id}-stemlight" x1="0" x2="0" y1="0" y2="1">
		<stop offset="0" stop-color="#fff1c8" stop-opacity=".95"/>
		<stop offset=".22" stop-color="#ffd58a" stop-opacity=".4"/>
		<stop offset=".7" stop-color="#ffb658" stop-opacity=".06"/>
		<stop offset="1" stop-color="#ffb658" stop-opacity=".2"/>
	</linearGradient>
	<linearGradient id="${id}-side" x1="0" x2="1">
		<stop offset="0" stop-color="${deep}"/><stop offset=".3" stop-color="${body}"/>
		<stop offset=".42" stop-color="${light}"/><stop offset=".6" stop-color="${body}"/>
		<stop offset="1" stop-color="${deep}"/>
	</linearGradient>
	<radialGradient id="${id}-foot" cx=".5" cy=".42" r=".6">
		<stop offset="0" stop-color="#fff3d6"/><stop offset=".35" stop-color="${light}"/>
		<stop offset="1" stop-color="${body}"/>
	</radialGradient>
	<clipPath id="${id}-dome"><path d="${DOME}"/></clipPath>
	<filter id="${id}-b4" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="4"/></filter>
	<filter id="${id}-b14" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="14"/></filter>
	<filter id="${id}-b26" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="26"/></filter>
</defs>
<g>
	<!-- foot -->
	<path d="M-168 -30 V-6 A168 34 0 0 0 168 -6 V-30 Z" fill="url(#${id}-side)"/>
	<path d="M-168 -8 V-6 A168 34 0 0 0 168 -6 V-8 A168 34 0 0 1 -168 -8 Z" fill="#000" opacity=".35"/>
	<ellipse cx="0" cy="-30" rx="168" ry="34" fill="url(#${id}-foot)"/>
	<ellipse cx="0" cy="-30" rx="166" ry="32.6" fill="none" stroke="#fff2d4" stroke-opacity=".75" stroke-width="2"/>
	<path d="M-60 -34 A62 13 0 0 0 60 -34 L 118 -12 A168 30 0 0 1 -30 2 Z" fill="#000" opacity=".10" filter="url(#${id}-b4)"/>
	<!-- stem -->
	<ellipse cx="0" cy="-33" rx="40" ry="9" fill="${dark}"/>
	<path d="M-36 -52 V-36 A36 8 0 0 0 36 -36 V-52 Z" fill="url(#${id}-metal)"/>
	<ellipse cx="0" cy="-52" rx="36" ry="8" fill="${bright}"/>
	<rect x="-19" y="-520" width="38" height="470" fill="url(#${id}-metal)"/>
	<path d="M-19 -52 A19 4.5 0 0 0 19 -52 V-60 H-19 Z" fill="url(#${id}-metal)"/>
	<rect x="-19" y="-520" width="38" height="470" fill="url(#${id}-stemlight)"/>
	<rect x="-19" y="-262" width="38" height="4" fill="${dark}" opacity=".7"/>
	<rect x="-19" y="-257" width="38" height="2" fill="#fff" opacity=".45"/>
	<!-- shade -->
	<path d="${DOME}" fill="url(#${id}-shade)"/>
	<g clip-path="url(#${id}-dome)">
		<path d="${DOME}" fill="url(#${id}-fall)"/>
		<ellipse cx="0" cy="-498" rx="345" ry="70" fill="#ffb75e" opacity=".28" filter="url(#${id}-b26)"/>
		<path d="M-236 -560 C-232 -680 -160 -762 -60 -794 C-150 -742 -196 -668 -200 -566 Z" fill="${sheen}"
			opacity="${0.1 + 0.62 * ambient}" filter="url(#${id}-b14)"/>
		<path d="M-214 -570 C-208 -660 -170 -722 -118 -758 C-160 -706 -184 -650 -190 -574 Z" fill="${sheen}"
			opacity="${0.08 + 0.5 * ambient}" filter="url(#${id}-b4)"/>
		<path d="M318 -500 C322 -640 250 -760 130 -806 C250 -748 296 -630 292 -500 Z" fill="${sheen}"
			opacity="${0.05 + 0.2 * ambient}" filter="url(#${id}-b14)"/>
		<ellipse cx="-10" cy="-822" rx="130" ry="20" fill="${sheen}" opacity="${0.08 + 0.35 * ambient}" filter="url(#${id}-b14)"/>
	</g>
	<!-- lit underside: the edge of the shade, the white inside, the opal disc, the end of the stem in front of it -->
	<ellipse cx="0" cy="-500" rx="330" ry="38" fill="${deep}"/>
	<ellipse cx="0" cy="-499" rx="325" ry="34.5" fill="url(#${id}-under)"/>
	<ellipse cx="0" cy="-501" rx="236" ry="23" fill="#fffef8"/>
	<ellipse cx="0" cy="-501" rx="236" ry="23" fill="none" stroke="#ffdf9e" stroke-width="2"/>
	<path d="M-330 -500 A330 38 0 0 0 330 -500 A330 43 0 0 1 -330 -500 Z" fill="#fff0c8" opacity=".9"/>
	<!-- touch dimmer -->
	<path d="M-30 -832 V-838 A30 7 0 0 1 30 -838 V-832 A30 7 0 0 1 -30 -832 Z" fill="url(#${id}-metal)"/>
	<ellipse cx="0" cy="-839" rx="29" ry="6" fill="${bright}" opacity="${0.35 + 0.65 * ambient}"/>
	<!-- bloom over what is brightest -->
	<ellipse cx="0" cy="-498" rx="300" ry="34" fill="#ffe9b5" opacity=".55" filter="url(#${id}-b26)" style="mix-blend-mode:screen"/>
</g>`;
}

const DOME =
	'M-330 -500 C-330 -700 -190 -832 0 -832 C190 -832 330 -700 330 -500 A330 38 0 0 1 -330 -500 Z';

/** Warm light of a lamp standing at (x, y) with scale s: the halo, the cone under the shade, to lie on the wall. */
export function wallLight(id: string, x: number, y: number, s: number, strength: number): string {
	return `
<defs>
	<radialGradient id="${id}-halo"><stop offset="0" stop-color="#ffd48a" stop-opacity=".95"/>
		<stop offset=".35" stop-color="#ff9d45" stop-opacity=".5"/><stop offset=".7" stop-color="#e0702a" stop-opacity=".14"/>
		<stop offset="1" stop-color="#c85a1c" stop-opacity="0"/></radialGradient>
	<linearGradient id="${id}-cone" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#ffe2a6" stop-opacity=".95"/>
		<stop offset="1" stop-color="#ffb45e" stop-opacity=".32"/></linearGradient>
	<filter id="${id}-soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${52 * s}"/></filter>
</defs>
<g transform="translate(${x} ${y}) scale(${s})" style="mix-blend-mode:screen" opacity="${strength}">
	<ellipse cx="0" cy="-330" rx="1000" ry="860" fill="url(#${id}-halo)"/>
	<path d="M-290 -500 L290 -500 L620 0 L-620 0 Z" fill="url(#${id}-cone)" filter="url(#${id}-soft)"/>
</g>`;
}

/** The pool of light and the foot's contact shadow, to lie on the table under a lamp at (x, y) with scale s. */
export function tableLight(id: string, x: number, y: number, s: number, strength: number): string {
	return `
<defs>
	<radialGradient id="${id}-pool"><stop offset="0" stop-color="#fff0cb" stop-opacity=".98"/>
		<stop offset=".3" stop-color="#ffc877" stop-opacity=".72"/><stop offset=".65" stop-color="#f2903f" stop-opacity=".26"/>
		<stop offset="1" stop-color="#c85a1c" stop-opacity="0"/></radialGradient>
	<filter id="${id}-contact" x="-50%" y="-150%" width="200%" height="400%"><feGaussianBlur stdDeviation="9"/></filter>
	<filter id="${id}-drop" x="-50%" y="-150%" width="200%" height="400%"><feGaussianBlur stdDeviation="22"/></filter>
</defs>
<g transform="translate(${x} ${y}) scale(${s})">
	<ellipse cx="0" cy="10" rx="780" ry="176" fill="url(#${id}-pool)" opacity="${strength}" style="mix-blend-mode:soft-light"/>
	<ellipse cx="0" cy="10" rx="760" ry="170" fill="url(#${id}-pool)" opacity="${strength * 0.62}" style="mix-blend-mode:screen"/>
	<ellipse cx="0" cy="22" rx="200" ry="34" fill="#1a0d04" opacity=".45" filter="url(#${id}-drop)"/>
	<ellipse cx="0" cy="8" rx="172" ry="30" fill="#120802" opacity=".8" filter="url(#${id}-contact)"/>
</g>`;
}
