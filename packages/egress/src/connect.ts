import { isIP } from 'node:net';
import { types } from 'node:util';
import { buildConnector } from 'undici';
import { canonicalHost } from './allow-list.ts';
import type { Guard, ResolvedAddress } from './guard.ts';

type Connector = buildConnector.connector;
type Options = buildConnector.Options;

/**
 * An undici connector that resolves through the guard and dials the very address that was tested.
 * Host header and SNI keep the name. Later answers are tried when the first does not connect.
 */
export function pinnedConnector(
	guard: Guard,
	settings: { timeoutMs: number; ca?: string },
): Connector {
	const dial = buildConnector({
		// HTTP/1.1 only: one connection, one exchange, one size limit.
		allowH2: false,
		timeout: settings.timeoutMs,
		...(settings.ca === undefined ? {} : { ca: settings.ca }),
	});

	return (options, callback) => {
		const secure = options.protocol === 'https:';
		const target = {
			host: canonicalHost(options.hostname),
			port: Number(options.port || (secure ? 443 : 80)),
		};
		guard.checkTarget(target).then(
			(addresses) => dialEach(dial, pinTo(options, target.host, secure), addresses, callback),
			(error: unknown) => callback(toError(error), null),
		);
	};
}

function pinTo(options: Options, host: string, secure: boolean): Options {
	const { servername, ...rest } = options;
	if (!secure || isIP(host) !== 0) return rest;
	return { ...rest, servername: servername ?? host };
}

function dialEach(
	dial: Connector,
	options: Options,
	[{ address }, ...later]: [ResolvedAddress, ...ResolvedAddress[]],
	callback: buildConnector.Callback,
): void {
	dial({ ...options, hostname: address }, (...result) => {
		const [error] = result;
		const [next, ...rest] = later;
		if (error === null || next === undefined) callback(...result);
		else dialEach(dial, options, [next, ...rest], callback);
	});
}

function toError(error: unknown): Error {
	return types.isNativeError(error) ? error : new Error(String(error));
}
