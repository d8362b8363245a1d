import { type Html, html } from '@autopilot/html';

// ISO 3166-1 alpha-2, without places where nobody lives.
const CODES =
	'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(
		' ',
	);
const names = new Intl.DisplayNames('en', { type: 'region' });
const COUNTRIES = CODES.map((code) => ({ code, name: names.of(code) ?? code })).sort((one, other) =>
	one.name.localeCompare(other.name),
);

export function countryName(code: string): string {
	return names.of(code) ?? code;
}

/** A list that keyboards and phones handle by themselves. */
export function countryField(chosen: string | undefined): Html {
	return html`<p class="field">
		<label for="country">Country</label>
		<select id="country" name="country" required autocomplete="country">
			<option value="">Choose a country</option>
			${COUNTRIES.map(({ code, name }) => html`<option value="${code}" ${code === chosen ? html`selected` : null}>${name}</option>`)}
		</select>
	</p>`;
}
