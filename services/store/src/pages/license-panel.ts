import { type Html, html, type Piece } from '@autopilot/html';
import type { License } from '../licenses/schema.ts';
import type { ShownLicense } from './order-page.ts';
import { day, tokenField } from './shell.ts';

const STATUS: Record<License['status'], string> = {
	active: 'Active',
	expired: 'Expired',
	suspended: 'On hold',
	revoked: 'Revoked',
};

/** Key, devices and downloads of one licence. */
export function licensePanel(
	{ license, devices, assets, key }: ShownLicense,
	page: { path: string; token: string },
): Html {
	const { id, product, status, expiresAt, limits } = license;
	const revoked = status === 'revoked';
	return html`<section class="panel" aria-labelledby="license-${id}">
		<h2 id="license-${id}">${product.title}</h2>
		<p class="facts">
			<b class="${status}">${STATUS[status]}</b>
			<span>${expiresAt === null ? 'for good' : `until ${day(expiresAt)}`}</span>
		</p>
		${keyRow(license, key, page)} ${files({ license, assets }, page)}
		${limits.devices.max === 0 ? null : deviceList({ license, devices }, page)}
		${revoked ? html`<p class="soft">It can no longer be used.</p>` : null}
	</section>`;
}

function keyRow(
	license: License,
	key: string | undefined,
	{ path, token }: { path: string; token: string },
): Html {
	if (key !== undefined) {
		return html`<p class="key">
				<span>Your licence key</span><code class="shown-key" id="key-${license.id}">${key}</code>
			</p>
			<p class="soft">
				Keep it to yourself. We store only its hash, and show it on this page when you ask.
			</p>`;
	}
	return html`<form class="key" method="post" action="${path}/licenses/${license.id}/reveal">
		${tokenField(token)}<span>Licence key <code>${license.keyPreview}</code></span>
		${license.status === 'revoked' ? null : html`<button class="small">Show my key</button>`}
	</form>`;
}

function deviceList(
	{ license, devices }: Pick<ShownLicense, 'license' | 'devices'>,
	{ path, token }: { path: string; token: string },
): Piece {
	const { max, used } = license.limits.devices;
	const seats = max === null ? `${used} in use` : `${used} of ${max} in use`;
	return html`<h3>Devices <small>${seats}</small></h3>
		${
			devices.length === 0
				? html`<p class="soft">None yet: enter the key where you use it.</p>`
				: html`<ul class="devices">
						${devices.map(
							(device) =>
								html`<li>
									<span
										>${device.label ?? `Device ${device.fingerprintPreview}`}<small
											>last seen ${day(device.lastSeenAt)}</small
										></span
									>
									<form method="post" action="${path}/devices/${device.id}/remove">
										${tokenField(token)}
										<button class="small quiet">
											Remove<span class="visually-hidden">
												${device.label ?? device.fingerprintPreview}</span
											>
										</button>
									</form>
								</li>`,
						)}
					</ul>`
		}`;
}

function files(
	{ license, assets }: Pick<ShownLicense, 'license' | 'assets'>,
	{ path, token }: { path: string; token: string },
): Piece {
	if (assets.length === 0) return null;
	const { max, used } = license.limits.downloads;
	const left = max === null ? '' : `${Math.max(0, max - used)} of ${max} left`;
	return html`<h3>Downloads <small>${left}</small></h3>
		<ul class="files">
			${assets.map(
				(asset) =>
					html`<li>
						<span
							>${asset.fileName}<small>version ${asset.version}, ${sizeOf(asset.size)}</small></span
						>
						<form method="post" action="${path}/licenses/${license.id}/download">
							${tokenField(token)}<input type="hidden" name="asset" value="${asset.id}" />
							<button class="small">
								Download<span class="visually-hidden"> ${asset.fileName}</span>
							</button>
						</form>
					</li>`,
			)}
		</ul>`;
}

function sizeOf(bytes: number): string {
	if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
	return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
