import { tmpdir } from 'node:os';
import type { Browser } from 'playwright-core';

export interface ChromiumSettings {
	executablePath: string;
	/** Chromium refuses to run as root with its sandbox; everyone else keeps it. */
	sandbox: boolean;
	proxyUrl: string;
	/**
	 * Whether pages show their pictures and fonts. Without, a page costs half the processor time: the
	 * switch costs nothing, whereas every blocked request is reported to us one by one.
	 */
	pictures: boolean;
}

/*
 * Playwright adds its own list (no background networking, no component updates, no first run ...) and
 * `--proxy-bypass-list=<-loopback>`, which sends loopback addresses through the proxy as well.
 */
const switches = [
	// Names are resolved by the proxy alone; a prefetch or a socket that asks by itself gets nothing.
	'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
	'--dns-prefetch-disable',
	// UDP does not pass an HTTP proxy, so it must not exist.
	'--disable-quic',
	'--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
	'--webrtc-ip-handling-policy=disable_non_proxied_udp',
	'--disable-dev-shm-usage',
	'--disable-gpu',
	'--mute-audio',
	'--disable-notifications',
	'--disable-domain-reliability',
	'--disable-breakpad',
	'--disable-crash-reporter',
	'--no-pings',
];

const withoutPictures = ['--blink-settings=imagesEnabled=false', '--disable-remote-fonts'];

/**
 * Starts Chromium. It is driven through a pipe that the kernel closes with this process, whatever
 * kills it, and Chromium ends with its pipe: a kill -9 leaves no browser behind.
 */
export async function launchChromium(settings: ChromiumSettings): Promise<Browser> {
	// Takes 60 MB and 200 ms to load; a worker that never needs the browser shall not pay for it.
	const { chromium } = await import('playwright-core');
	return await chromium.launch({
		executablePath: settings.executablePath,
		headless: true,
		chromiumSandbox: settings.sandbox,
		proxy: { server: settings.proxyUrl },
		args: settings.pictures ? switches : [...switches, ...withoutPictures],
		// The process decides when the browser ends.
		handleSIGINT: false,
		handleSIGTERM: false,
		handleSIGHUP: false,
		// Not our environment: it holds the service's secrets.
		env: { HOME: tmpdir(), PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
		timeout: 20_000,
	});
}
