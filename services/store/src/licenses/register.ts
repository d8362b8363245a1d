import type { App, Command, Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import { linkSigner, type Storage } from '@autopilot/storage';
import { assetRoutes } from '../assets/routes.ts';
import { deviceRoutes } from '../devices/routes.ts';
import { downloadRoutes } from '../downloads/routes.ts';
import { transfers } from '../downloads/transfers.ts';
import { licenseFileRoutes } from '../license-files/routes.ts';
import { licensePolicyRoutes } from '../license-policies/routes.ts';
import { signingKeyRoutes } from '../signing-keys/routes.ts';
import { signingKeys } from '../signing-keys/signing-keys.ts';
import { usageRoutes } from '../usage/routes.ts';
import { allowBrowsers, doorsOf } from './doors.ts';
import { licenseImportRoutes } from './import/routes.ts';
import type { LicenseKeys } from './key.ts';
import { licenseRoutes } from './routes.ts';
import { validateRoutes } from './validate/routes.ts';
import { sightings } from './validate/sightings.ts';

export interface LicensingParts {
	db: Database;
	command: Command;
	storage: Storage;
	publicUrl: string;
	keys: LicenseKeys;
	signingSecret: string;
	logger: Logger;
}

/** All that has to do with licences: what they grant, who holds them, devices, counters, files. */
export function registerLicensing(app: App, parts: LicensingParts): void {
	const { db, command, storage, publicUrl, keys, logger } = parts;
	const signing = signingKeys(db, parts.signingSecret);
	const doors = doorsOf({ db, command });
	const seen = sightings(db, logger);
	app.addHook('onClose', () => seen.close());
	allowBrowsers(app);
	licensePolicyRoutes(app, { db, command });
	licenseRoutes(app, { db, command, keys });
	licenseImportRoutes(app, { command, keys });
	validateRoutes(app, { db, doors, seen });
	deviceRoutes(app, { db, doors, seen });
	usageRoutes(app, { db, doors });
	signingKeyRoutes(app, { command, keys: signing });
	licenseFileRoutes(app, { db, doors, signing });
	const served = transfers(db, logger);
	app.addHook('onClose', () => served.close());
	const links = linkSigner(parts.signingSecret);
	assetRoutes(app, { db, command, storage });
	downloadRoutes(app, { db, command, storage, doors, transfers: served, links, publicUrl });
}
