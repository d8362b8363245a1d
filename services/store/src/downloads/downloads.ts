import { conflict, notFound, Problem } from '@autopilot/http';
import type { Queryable, Tx } from '@autopilot/postgres';
import type { LinkSigner } from '@autopilot/storage';
import type { Asset } from '../assets/schema.ts';
import { findAsset, selectAssets, toAsset } from '../assets/store.ts';
import { unknownKey, usableLicense } from '../devices/devices.ts';
import { hashKey } from '../licenses/key.ts';
import { type Cause, tell } from '../licenses/settle.ts';
import { entitlementsIn, stageOf } from '../licenses/state.ts';
import { findLicense, type LicenseRow, lockLicense, lockLicenseByKey } from '../licenses/store.ts';
import type { Download, IssueDownload } from './schema.ts';
import { findOpenDownload, findServed, insertDownload, type ServedRow } from './store.ts';

/** Resumed and parallel transfers overlap; whoever gets more than so many times the file is passing the link around. */
const MOST_TIMES = 2;
const SLACK_BYTES = 1024 * 1024;

export interface LinkMaker {
	links: LinkSigner;
	publicUrl: string;
}

/** 409: the licence has no link left. */
export class DownloadLimit extends Problem {
	readonly licenseId: string;

	constructor({ id, maxDownloads }: LicenseRow) {
		super({
			status: 409,
			code: 'download_limit',
			detail: `All ${maxDownloads ?? 0} downloads of this licence are used. The seller can raise maxDownloads.`,
		});
		this.licenseId = id;
	}
}

/**
 * Gives a link to one file of the licence's product. It is counted when it is given, not when it is used: so pausing,
 * resuming and parallel ranges cost nothing more. A link that was not used to its end is given again.
 * @throws {DownloadLimit} when the licence has none left
 */
export async function issueDownload(
	tx: Tx,
	{ licenseId, key, assetId, ttlSeconds }: IssueDownload,
	{ links, publicUrl }: LinkMaker,
	cause: Cause,
): Promise<{ download: Download; created: boolean }> {
	const license = usableLicense(await lockedLicense(tx, licenseId, key));
	const asset = await assetFor(tx, license, assetId);
	const open = await findOpenDownload(tx, license.id, assetId);
	const issued = open ?? (await insertDownload(tx, license.id, assetId, ttlSeconds));
	if (issued === undefined) throw new DownloadLimit(license);
	const used = license.downloadCount + (open === undefined ? 1 : 0);
	const path = downloadPath(issued.id, asset.fileName);
	const seconds = Math.floor((issued.expiresAt.getTime() - Date.now()) / 1000);
	const download = {
		id: issued.id,
		licenseId: license.id,
		asset,
		url: publicUrl + links.sign(path, seconds),
		expiresAt: issued.expiresAt.toISOString(),
		remaining: license.maxDownloads === null ? null : Math.max(0, license.maxDownloads - used),
	};
	if (open === undefined) {
		const { url: _url, ...told } = download;
		const after = { ...license, downloadCount: used };
		await tell(tx, after, 'download.issued', cause, { download: told });
	}
	return { download, created: open === undefined };
}

/** Files that a licence may download now, the newest first. */
export async function assetsFor(db: Queryable, license: LicenseRow): Promise<Asset[]> {
	if (!license.terms.permissions.download || license.productId === null) return [];
	const granted = entitlementsIn(stageOf(license, new Date()), license.terms);
	const assets = await selectAssets(db, license.productId, { limit: 99 });
	return assets
		.filter(({ entitlement }) => entitlement === null || granted.includes(entitlement))
		.map(toAsset);
}

/**
 * What a link opens, looked at anew with each request: a licence that was revoked a moment ago stops it.
 * @throws {Problem} 403 for a link that is not ours, or a licence that is none any more; 410 for one that is used up
 */
export async function openLink(
	db: Queryable,
	{ id, fileName, query }: { id: string; fileName: string; query: object },
	links: LinkSigner,
): Promise<ServedRow> {
	if (!links.verify(downloadPath(id, fileName), query)) throw linkInvalid();
	const row = await findServed(db, id);
	if (row === undefined || row.expiresAt <= new Date()) throw linkInvalid();
	if (row.deleted) throw gone('asset_deleted', 'The file was deleted. Ask for a newer version.');
	if (row.bytesServed >= row.size * MOST_TIMES + SLACK_BYTES) {
		throw gone('download_used_up', 'The file was downloaded with this link. Ask for a new link.');
	}
	try {
		usableLicense(await findLicense(db, row.licenseId));
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		throw new Problem({ status: 403, code: error.code, detail: error.message });
	}
	return row;
}

async function lockedLicense(
	tx: Tx,
	licenseId: string | undefined,
	key: string | undefined,
): Promise<LicenseRow> {
	const license =
		key === undefined
			? await lockLicense(tx, licenseId ?? '')
			: await lockLicenseByKey(tx, hashKey(key));
	if (license !== undefined) return license;
	throw licenseId === undefined ? unknownKey() : notFound('license', licenseId);
}

async function assetFor(tx: Tx, license: LicenseRow, assetId: string): Promise<Asset> {
	if (!license.terms.permissions.download) {
		throw conflict('download_not_permitted', 'The licence does not permit downloads.');
	}
	const asset = await findAsset(tx, assetId);
	if (asset === undefined || asset.productId !== license.productId) {
		throw notFound('asset', assetId);
	}
	const granted = entitlementsIn(stageOf(license, new Date()), license.terms);
	if (asset.entitlement !== null && !granted.includes(asset.entitlement)) {
		throw conflict(
			'entitlement_missing',
			`This file needs the entitlement "${asset.entitlement}". A bigger licence has it.`,
		);
	}
	return toAsset(asset);
}

function downloadPath(id: string, fileName: string): string {
	return `/downloads/${id}/${encodeURIComponent(fileName)}`;
}

function linkInvalid(): Problem {
	return new Problem({
		status: 403,
		code: 'link_invalid',
		detail: 'The link has expired or was changed. Ask for a new one.',
	});
}

function gone(code: string, detail: string): Problem {
	return new Problem({ status: 410, code, detail });
}
