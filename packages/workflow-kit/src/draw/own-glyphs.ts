const stroke = (d: string, extra = '') =>
	`<path d="${d}" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>${extra}`;

/** Drawn here, on a grid of 24 x 24. */
export const OWN_GLYPHS: Readonly<Record<string, string>> = {
	'own:branch': stroke('M2 12h5.5l6-6H21M7.5 12l6 6H21M18 3l3 3-3 3M18 15l3 3-3 3'),
	'own:switch': stroke(
		'M2 12h19M7.5 12V5H21M7.5 12v7H21M18.5 2.5 21 5l-2.5 2.5M18.5 9.5 21 12l-2.5 2.5M18.5 16.5 21 19l-2.5 2.5',
	),
	'own:merge': stroke('M3 6h5.5l6 6H21M3 18h5.5l6-6M18 9l3 3-3 3'),
	'own:bolt':
		'<path d="M13.2 1.8 4 13.4h6.6l-1.2 8.8L19.6 10h-7z" fill="currentColor" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round"/>',
	'own:once': stroke('M9 7.5 12.5 5v14M9.5 19h6'),
};
