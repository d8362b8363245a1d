import { FINISHES, lamp, tableLight, wallLight } from './lamp.ts';

const WIDTH = 1600;
const HEIGHT = 2000;

/** Textures and the photographic finish that all scenes share. */
const TEXTURES = `
<filter id="grain" x="0" y="0" width="100%" height="100%">
	<feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="7"/>
	<feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  1.2 0 0 0 -.35"/>
</filter>
<filter id="plaster" x="0" y="0" width="100%" height="100%">
	<feTurbulence type="fractalNoise" baseFrequency=".006 .009" numOctaves="5" seed="11"/>
	<feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  1.6 0 0 0 -.62"/>
</filter>
<filter id="wood" x="0" y="0" width="100%" height="100%">
	<feTurbulence type="fractalNoise" baseFrequency=".0016 .085" numOctaves="4" seed="23"/>
	<feColorMatrix values="0 0 0 0 .10  0 0 0 0 .045  0 0 0 0 .01  2.1 0 0 0 -.82"/>
</filter>
<filter id="wood-light" x="0" y="0" width="100%" height="100%">
	<feTurbulence type="fractalNoise" baseFrequency=".0022 .16" numOctaves="3" seed="5"/>
	<feColorMatrix values="0 0 0 0 1  0 0 0 0 .83  0 0 0 0 .6  1.7 0 0 0 -.85"/>
</filter>
<filter id="b3" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="2.6"/></filter>
<filter id="b6" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="6"/></filter>
<filter id="b12" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="12"/></filter>
<filter id="b30" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="30"/></filter>
<filter id="b60" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="60"/></filter>
<radialGradient id="vignette" cx=".5" cy=".5" r=".78"><stop offset=".55" stop-color="#000" stop-opacity="0"/>
	<stop offset="1" stop-color="#000" stop-opacity=".55"/></radialGradient>`;

function picture(content: string, finish: { grain: number; vignette: number }): string {
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs>${TEXTURES}</defs>
${content}
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#vignette)" opacity="${finish.vignette}"/>
<rect width="${WIDTH}" height="${HEIGHT}" filter="url(#grain)" opacity="${finish.grain}" style="mix-blend-mode:overlay"/>
</svg>`;
}

function table(top: number, colours: [far: string, near: string], grain: number): string {
	const height = HEIGHT - top;
	return `
<linearGradient id="table" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="${colours[0]}"/>
	<stop offset="1" stop-color="${colours[1]}"/></linearGradient>
<rect x="0" y="${top}" width="${WIDTH}" height="${height}" fill="url(#table)"/>
<svg x="0" y="${top}" width="${WIDTH}" height="${height}"><rect width="${WIDTH}" height="${height}" filter="url(#wood)" opacity="${grain}"/>
<rect width="${WIDTH}" height="${height}" filter="url(#wood-light)" opacity="${grain * 0.35}"/></svg>
<rect x="0" y="${top}" width="${WIDTH}" height="3" fill="#fff" opacity=".16"/>`;
}

/** A book lying flat with its spine to the eye; the lamp stands on the side `lit`. */
function book(
	at: { x: number; y: number; width: number; height: number },
	colours: { deep: string; cover: string; lit: string },
	lit: 'left' | 'right',
): string {
	const { x, y, width, height } = at;
	const id = `book-${x}-${y}`;
	const [from, to] = lit === 'right' ? [0, 1] : [1, 0];
	const band = (left: number, wide: number) =>
		`<rect x="${left}" y="1" width="${wide}" height="${height - 2}" fill="#ffe3ad" opacity=".5"/>`;
	return `
<linearGradient id="${id}" x1="${from}" x2="${to}"><stop offset="0" stop-color="${colours.deep}"/>
	<stop offset=".45" stop-color="${colours.cover}"/><stop offset="1" stop-color="${colours.lit}"/></linearGradient>
<linearGradient id="${id}-round" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".35"/>
	<stop offset=".22" stop-color="#fff" stop-opacity=".08"/><stop offset=".6" stop-color="#000" stop-opacity=".05"/>
	<stop offset="1" stop-color="#000" stop-opacity=".6"/></linearGradient>
<g transform="translate(${x} ${y - height})">
	<ellipse cx="${width / 2}" cy="${height + 2}" rx="${width * 0.53}" ry="9" fill="#120802" opacity=".75" filter="url(#b6)"/>
	<path d="M12 -13 H${width - 12} L${width} 2 H0 Z" fill="${colours.cover}"/>
	<path d="M12 -13 H${width - 12} L${width} 2 H0 Z" fill="#ffd596" opacity=".28"/>
	<rect width="${width}" height="${height}" rx="9" fill="url(#${id})"/>
	${band(34, 5)}${band(46, 2)}${band(width - 39, 5)}${band(width - 48, 2)}
	<rect x="${width * 0.32}" y="${height * 0.42}" width="${width * 0.36}" height="${height * 0.16}" rx="3" fill="#ffe3ad" opacity=".62"/>
	<rect width="${width}" height="${height}" rx="9" fill="url(#${id}-round)"/>
</g>`;
}

/** A stoneware cup, lit from the left; a negative s mirrors it. */
function cup(x: number, y: number, s: number): string {
	return `
<g transform="translate(${x} ${y}) scale(${s} ${Math.abs(s)})">
	<ellipse cx="46" cy="2" rx="128" ry="15" fill="#120802" opacity=".6" filter="url(#b12)"/>
	<linearGradient id="cup" x1="0" x2="1"><stop offset="0" stop-color="#fff0d2"/><stop offset=".16" stop-color="#e7c79b"/>
		<stop offset=".55" stop-color="#9b7a5c"/><stop offset="1" stop-color="#46342c"/></linearGradient>
	<path d="M78 -122 C150 -132 150 -36 70 -38" fill="none" stroke="#5a4335" stroke-width="17"/>
	<path d="M80 -126 C142 -132 142 -46 72 -46" fill="none" stroke="#a68363" stroke-width="5" opacity=".7"/>
	<path d="M-86 -164 L-76 -22 Q-72 2 0 4 Q72 2 76 -22 L86 -164 Z" fill="url(#cup)"/>
	<path d="M-78 -46 Q0 -26 78 -46 L76 -22 Q72 2 0 4 Q-72 2 -76 -22 Z" fill="#3a2a22" opacity=".45"/>
	<ellipse cx="0" cy="-164" rx="86" ry="17" fill="#f3dcb8"/>
	<ellipse cx="0" cy="-163" rx="78" ry="14" fill="#6d4c36"/>
	<ellipse cx="4" cy="-158" rx="70" ry="9.5" fill="#2a1409"/>
	<ellipse cx="-26" cy="-159" rx="30" ry="4" fill="#d18f4e" opacity=".8"/>
	<g fill="none" stroke="#ffe9c9" stroke-linecap="round" filter="url(#b12)" opacity=".5">
		<path d="M-14 -190 C-50 -250 30 -290 -8 -370" stroke-width="15"/><path d="M22 -184 C4 -230 56 -270 28 -330" stroke-width="11"/>
	</g>
</g>`;
}

/** A branch of round leaves that leans out of a small vase. */
function vase(x: number, y: number, s: number, leaf: [dark: string, lit: string]): string {
	const stems = [
		{ bend: -150, rise: 520, count: 8 },
		{ bend: 30, rise: 600, count: 9 },
		{ bend: 150, rise: 450, count: 7 },
	];
	const drawn = stems
		.map(({ bend, rise, count }) => {
			const at = (t: number) => ({ x: bend * t * t, y: -190 - rise * t });
			const leaves = Array.from({ length: count }, (_, index) => {
				const t = 0.22 + (0.78 * index) / (count - 1);
				const p = at(t);
				const size = 36 * (1.15 - 0.55 * t);
				return [-1, 1]
					.map((side) => {
						const tilt = side * (52 - 18 * t) + bend * t * 0.16;
						const colour = side > 0 ? leaf[1] : leaf[0];
						return `<g transform="translate(${p.x} ${p.y}) rotate(${tilt})"><ellipse cx="0" cy="${-size}" rx="${size * 0.68}" ry="${size}" fill="${colour}"/><ellipse cx="${side * size * 0.2}" cy="${-size}" rx="${size * 0.36}" ry="${size * 0.8}" fill="#f3dd9c" opacity="${side > 0 ? 0.22 : 0.07}"/></g>`;
					})
					.join('');
			}).join('');
			return `<path d="M0 -180 Q0 ${-190 - rise * 0.5} ${bend} ${-190 - rise}" fill="none" stroke="${leaf[0]}" stroke-width="5"/>${leaves}`;
		})
		.join('');
	return `
<g transform="translate(${x} ${y}) scale(${s})">
	<ellipse cx="-30" cy="0" rx="130" ry="16" fill="#120802" opacity=".55" filter="url(#b12)"/>
	<g filter="url(#b3)">${drawn}</g>
	<linearGradient id="vase" x1="0" x2="1"><stop offset="0" stop-color="#2b2420"/><stop offset=".45" stop-color="#7a6656"/>
		<stop offset=".85" stop-color="#e5c49a"/><stop offset="1" stop-color="#b18a5e"/></linearGradient>
	<path d="M-30 -200 L30 -200 Q26 -160 60 -130 Q104 -84 70 -18 Q60 4 0 4 Q-60 4 -70 -18 Q-104 -84 -60 -130 Q-26 -160 -30 -200 Z" fill="url(#vase)"/>
	<ellipse cx="0" cy="-200" rx="30" ry="6" fill="#1d1512"/>
</g>`;
}

/** On a walnut desk in the evening, with books and a cup. */
function evening(): string {
	const [x, y, s] = [800, 1590, 1.28];
	return picture(
		`
<linearGradient id="wall" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="#2c4650"/><stop offset=".5" stop-color="#1e333d"/>
	<stop offset="1" stop-color="#101d25"/></linearGradient>
<rect width="1600" height="2000" fill="url(#wall)"/>
<rect width="1600" height="1460" filter="url(#plaster)" opacity=".17"/>
${wallLight('wall-a', x, y, s, 0.95)}
${table(1440, ['#5a361c', '#26130a'], 0.85)}
<rect y="1400" width="1600" height="60" fill="#0b0f12" opacity=".35" filter="url(#b12)"/>
${tableLight('table-a', x, y, s, 1)}
${vase(262, 1566, 0.98, ['#1f3d35', '#5f8463'])}
${book({ x: 96, y: 1772, width: 430, height: 62 }, { deep: '#3a120c', cover: '#8c3b2a', lit: '#d8764c' }, 'right')}
${book({ x: 132, y: 1710, width: 372, height: 50 }, { deep: '#4a3a20', cover: '#b89055', lit: '#f0cd8d' }, 'right')}
${cup(1236, 1690, 1.08)}
<g transform="translate(${x} ${y}) scale(${s})">${lamp('lamp', FINISHES.forest, 0.55)}</g>`,
		{ grain: 0.16, vignette: 0.9 },
	);
}

/** The finishes side by side in a bright studio. */
function finishes(): string {
	const stand = (id: string, finish: keyof typeof FINISHES, x: number, y: number, s: number) => `
<ellipse cx="${x + 96 * s}" cy="${y + 16 * s}" rx="${330 * s}" ry="${34 * s}" fill="#7a5536" opacity=".42" filter="url(#b30)"/>
<g opacity=".5">${wallLight(`${id}-w`, x, y, s * 0.72, 0.55)}</g>
${tableLight(`${id}-t`, x, y, s, 0.55)}
<g transform="translate(${x} ${y}) scale(${s})">${lamp(id, FINISHES[finish], 1)}</g>`;
	return picture(
		`
<linearGradient id="back" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#e9d8c3"/><stop offset=".58" stop-color="#f6eadb"/>
	<stop offset=".66" stop-color="#ecdcc8"/><stop offset="1" stop-color="#cfb79c"/></linearGradient>
<rect width="1600" height="2000" fill="url(#back)"/>
<path d="M190 1390 V900 a610 610 0 0 1 1220 0 V1390 Z" fill="#d9a679" opacity=".8"/>
<path d="M190 1390 V900 a610 610 0 0 1 1220 0 V1390 H1366 V900 a566 566 0 0 0 -1132 0 V1390 Z" fill="#fff3e2" opacity=".28"/>
<rect y="1385" width="1600" height="620" fill="#e3cdb3"/>
<linearGradient id="floor" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff4e4"/><stop offset="1" stop-color="#c6a98a"/></linearGradient>
<rect y="1385" width="1600" height="620" fill="url(#floor)" opacity=".85"/>
<rect y="1376" width="1600" height="20" fill="#a98358" opacity=".28" filter="url(#b12)"/>
${stand('forest', 'forest', 1130, 1470, 0.98)}
${stand('coral', 'coral', 470, 1490, 1.0)}
${stand('sand', 'sand', 800, 1740, 1.22)}`,
		{ grain: 0.12, vignette: 0.22 },
	);
}

/** At the window at night, the town out of focus behind it. */
function night(): string {
	const [x, y, s] = [800, 1650, 1.2];
	// A fixed little generator: the same town at every rendering.
	let state = 41;
	const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
	const colours = ['#ffb35c', '#ff8d4a', '#ffd9a0', '#7fb2ff', '#ff6f61', '#ffe6b8', '#ffc46b'];
	const town = Array.from({ length: 170 }, () => {
		const far = next();
		const radius = 7 + 40 * far * far * next() + 9 * next();
		const cy = 900 + 540 * Math.pow(next(), 0.6);
		const colour = colours[Math.floor(next() * colours.length)] ?? '#ffb35c';
		const opacity = 0.16 + 0.5 * next() * next();
		const cx = next() * 1600;
		return `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="${colour}" opacity="${opacity}"/><circle cx="${cx}" cy="${cy}" r="${radius - 2}" fill="none" stroke="${colour}" stroke-width="3" opacity="${opacity * 0.8}"/>`;
	}).join('');
	const towers = Array.from({ length: 13 }, (_, index) => {
		const height = 200 + 420 * next();
		return `<rect x="${index * 128 - 40}" y="${1480 - height}" width="${96 + 70 * next()}" height="${height}" fill="#0a1226" opacity=".75"/>`;
	}).join('');
	return picture(
		`
<linearGradient id="sky" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#0c1533"/><stop offset=".38" stop-color="#26305f"/>
	<stop offset=".6" stop-color="#6a4470"/><stop offset=".76" stop-color="#a3566a"/><stop offset="1" stop-color="#20183a"/></linearGradient>
<rect width="1600" height="2000" fill="url(#sky)"/>
<g filter="url(#b30)">${towers}</g>
<g style="mix-blend-mode:screen" filter="url(#bokeh)">${town}</g>
<filter id="bokeh"><feGaussianBlur stdDeviation="1.6"/></filter>
<path d="M0 1500 L640 0 H900 L140 1500 Z" fill="#fff" opacity=".018"/>
<!-- window -->
<g><rect x="1215" y="0" width="58" height="1500" fill="#141318"/><rect x="1215" y="0" width="9" height="1500" fill="#6e4a34" opacity=".8"/>
<rect x="0" y="330" width="1600" height="40" fill="#141318"/><rect x="0" y="366" width="1600" height="6" fill="#6e4a34" opacity=".7"/>
<rect x="0" y="1460" width="1600" height="50" fill="#1a1518"/></g>
<g opacity=".62">${wallLight('wall-n', x, y, s, 0.72)}</g>
${table(1500, ['#6d4a33', '#2a1710'], 0.6)}
${tableLight('table-n', x, y, s, 0.95)}
${cup(322, 1750, -1)}
${book({ x: 1080, y: 1850, width: 420, height: 60 }, { deep: '#0e1a30', cover: '#2f4d78', lit: '#7f95b8' }, 'left')}
${book({ x: 1112, y: 1790, width: 360, height: 48 }, { deep: '#5d4a30', cover: '#bfa57c', lit: '#f2ddb2' }, 'left')}
<g transform="translate(${x} ${y}) scale(${s})">${lamp('lamp', FINISHES.coral, 0.5)}</g>`,
		{ grain: 0.17, vignette: 0.95 },
	);
}

/** File name of a picture -> its SVG source, 1600 x 2000. */
export const SCENES: Record<string, () => string> = { evening, finishes, night };
