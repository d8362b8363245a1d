type Palette = { back: string; floor: string; shade: string; dark: string; metal: string };

/** A lamp in front of a plain background, 900 x 900: what a shop's product photo would be. */
export function photo(lamp: keyof typeof LAMPS, palette: Palette): string {
	const { back, floor, shade, dark, metal } = palette;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 900" width="900" height="900">
<defs>
<linearGradient id="s" x1="0" x2="1"><stop offset="0" stop-color="${dark}"/><stop offset=".35" stop-color="${shade}"/><stop offset="1" stop-color="${dark}"/></linearGradient>
<linearGradient id="m" x1="0" x2="1"><stop offset="0" stop-color="#3b3b3b"/><stop offset=".35" stop-color="${metal}"/><stop offset=".5" stop-color="#fff"/><stop offset=".6" stop-color="${metal}"/><stop offset="1" stop-color="#3b3b3b"/></linearGradient>
<radialGradient id="o"><stop offset="0" stop-color="#fffdf3"/><stop offset=".7" stop-color="#ffeec2"/><stop offset="1" stop-color="#f4c883"/></radialGradient>
<radialGradient id="g"><stop offset="0" stop-color="#ffdd9b" stop-opacity=".8"/><stop offset="1" stop-color="#ffdd9b" stop-opacity="0"/></radialGradient>
<filter id="b"><feGaussianBlur stdDeviation="14"/></filter>
</defs>
<rect width="900" height="900" fill="${back}"/><rect y="690" width="900" height="210" fill="${floor}"/>
<ellipse cx="450" cy="790" rx="210" ry="22" fill="#000" opacity=".3" filter="url(#b)"/>
${LAMPS[lamp]}
</svg>`;
}

const glow = (cy: number, r: number) =>
	`<circle cx="450" cy="${cy}" r="${r}" fill="url(#g)" style="mix-blend-mode:screen"/>`;
const foot = (rx: number) =>
	`<path d="M${450 - rx} 770 v16 a${rx} 18 0 0 0 ${2 * rx} 0 v-16z" fill="url(#s)"/><ellipse cx="450" cy="770" rx="${rx}" ry="18" fill="url(#m)"/>`;

const LAMPS = {
	globe: `${glow(330, 400)}${foot(120)}<rect x="436" y="480" width="28" height="290" fill="url(#m)"/><circle cx="450" cy="330" r="170" fill="url(#o)"/><path d="M370 478 h160 l-24 34 h-112z" fill="url(#s)"/>`,
	cone: `${glow(420, 380)}${foot(140)}<rect x="440" y="400" width="20" height="370" fill="url(#m)"/><path d="M380 190 h140 l120 260 h-380z" fill="url(#s)"/><ellipse cx="450" cy="450" rx="190" ry="22" fill="url(#o)"/>`,
	lantern: `${glow(500, 340)}<path d="M330 360 q120 -250 240 0" fill="none" stroke="url(#m)" stroke-width="14"/><rect x="320" y="352" width="260" height="54" rx="20" fill="url(#s)"/><rect x="338" y="400" width="224" height="270" rx="26" fill="url(#o)"/><rect x="316" y="660" width="268" height="128" rx="22" fill="url(#s)"/><circle cx="450" cy="724" r="20" fill="url(#m)"/>`,
	arc: `${foot(130)}<path d="M430 770 V420 Q430 190 560 190 T690 330" fill="none" stroke="url(#m)" stroke-width="18"/><g transform="translate(240 20)">${glow(420, 240)}<path d="M370 410 a80 90 0 0 1 160 0z" fill="url(#s)"/><ellipse cx="450" cy="410" rx="80" ry="13" fill="url(#o)"/></g>`,
	column: `${glow(430, 380)}<path d="M360 770 v14 a90 18 0 0 0 180 0 v-14z" fill="url(#s)"/><rect x="360" y="220" width="180" height="420" rx="90" fill="url(#o)"/><rect x="360" y="560" width="180" height="214" fill="url(#s)"/><rect x="360" y="548" width="180" height="14" fill="url(#m)"/>`,
	drum: `${glow(380, 380)}${foot(110)}<rect x="437" y="440" width="26" height="330" fill="url(#m)"/><rect x="270" y="250" width="360" height="210" rx="10" fill="url(#s)"/><rect x="270" y="250" width="360" height="210" rx="10" fill="url(#g)"/><ellipse cx="450" cy="460" rx="178" ry="14" fill="url(#o)"/>`,
};
