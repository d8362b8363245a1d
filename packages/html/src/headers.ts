/**
 * Headers of a page that shows what is one person's own: no script can run in it, no frame can hold it, and neither
 * browsers nor proxies nor search engines keep it.
 * @param options.formAction  where forms may lead; an answer's redirects count too. `'self'` when not given
 * @param options.isPublic  a page that is the same for everybody and may be found
 */
export function pageHeaders(
	options: { formAction?: string; isPublic?: boolean } = {},
): Record<string, string> {
	const { formAction = "'self'", isPublic = false } = options;
	return {
		'cache-control': 'no-store',
		'content-security-policy': [
			"default-src 'none'",
			"style-src 'self'",
			"img-src 'self' data: https: http:",
			"media-src 'self' https: http:",
			`form-action ${formAction}`,
			"base-uri 'none'",
			"frame-ancestors 'none'",
		].join('; '),
		'referrer-policy': 'same-origin',
		'x-content-type-options': 'nosniff',
		...(isPublic ? {} : { 'x-robots-tag': 'noindex, nofollow' }),
	};
}
