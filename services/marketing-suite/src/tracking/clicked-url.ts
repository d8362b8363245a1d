/**
 * Where a click leads: the link as it was written, and into the store with `ap_click` (the mail) and `ap_campaign`, which
 * its pages keep for the order. Nobody else is told who came from which mail.
 */
export function clickedUrl(
	url: string,
	{
		storeUrl,
		clickId,
		campaignId,
	}: { storeUrl: string | undefined; clickId: string; campaignId: string },
): string {
	if (storeUrl === undefined || !URL.canParse(url)) return url;
	const target = new URL(url);
	if (target.origin !== new URL(storeUrl).origin) return url;
	target.searchParams.set('ap_click', clickId);
	target.searchParams.set('ap_campaign', campaignId);
	return target.toString();
}
