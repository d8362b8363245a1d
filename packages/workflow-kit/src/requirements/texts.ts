const NAME = /\s{0,4}(?:\.\s{0,4}([A-Za-z_]\w{0,127})|\[\s{0,4}['"]([^'"]{1,128})['"])/y;

/** Names after `$vars` or `$env`, as in `$vars.region` and `$env["REGION"]`. */
export function variablesIn(text: string, object: '$vars' | '$env'): string[] {
	const names: string[] = [];
	for (let at = text.indexOf(object); at !== -1; at = text.indexOf(object, at + object.length)) {
		NAME.lastIndex = at + object.length;
		const match = NAME.exec(text);
		const name = match?.[1] ?? match?.[2];
		if (name !== undefined) names.push(name);
	}
	return names;
}

const HOST =
	/(?:[^\s/?#"'`<>\\{}()@]{1,200}@)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?=[:/?#"'`<>\\\s{})]|$)/iy;

/** Hosts of the URLs in a text, in lower case. Hosts that an expression makes up stay unknown. */
export function domainsIn(text: string): string[] {
	const domains: string[] = [];
	for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
		if (!/[a-z]/i.test(text[at - 1] ?? '')) continue;
		HOST.lastIndex = at + 3;
		const host = HOST.exec(text)?.[1];
		if (host !== undefined) domains.push(host.toLowerCase());
	}
	return domains;
}
