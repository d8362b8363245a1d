import type { App } from '@autopilot/http';
import { type ApiParts, createServiceApp } from '@autopilot/service';
import type { Storage } from '@autopilot/storage';
import type { Config } from './config.ts';
import { cartRoutes } from './carts/routes.ts';
import { couponRoutes } from './coupons/routes.ts';
import { customerRoutes } from './customers/routes.ts';
import { eventTypes } from './event-types.ts';
import { createGateways } from './gateways/gateways.ts';
import { launchRoutes } from './launches/routes.ts';
import { licenseIssuer } from './licenses/issue.ts';
import { licenseKeys } from './licenses/key.ts';
import { registerLicensing } from './licenses/register.ts';
import { migrations } from './migrations.ts';
import { orderWaitRoutes } from './order-waits/routes.ts';
import { orderRoutes } from './orders/routes.ts';
import { useOrderSettings } from './orders/settings.ts';
import { registerPages } from './pages/pages.ts';
import { registerPayments } from './payments/register.ts';
import { refundOrder } from './refunds/refunds.ts';
import { productRoutes } from './products/routes.ts';
import { variantRoutes } from './products/variant-routes.ts';
import { shipmentRoutes } from './shipments/routes.ts';
import { shippingOptionRoutes } from './shipping-options/routes.ts';
import { taxRateRoutes } from './tax-rates/routes.ts';

export interface AppParts extends ApiParts {
	config: Config;
	storage: Storage;
}

/** The store's API. */
export function buildApp(parts: AppParts): Promise<App> {
	const { config, db, storage, logger } = parts;
	const about = {
		name: 'store',
		description:
			'Products, orders, payments, subscriptions, licenses and downloads, with the events of all of them.',
		migrations,
		eventTypes,
	};
	return createServiceApp(parts, about, (app, command) => {
		useOrderSettings({
			publicUrl: config.PUBLIC_URL,
			signingSecret: config.SIGNING_SECRET,
			reservationSeconds: config.RESERVATION_SECONDS,
		});
		productRoutes(app, { db, command });
		variantRoutes(app, { command });
		launchRoutes(app, { db, command });
		customerRoutes(app, { db, command });
		couponRoutes(app, { db, command });
		taxRateRoutes(app, { db, command });
		shippingOptionRoutes(app, { db, command });
		cartRoutes(app, { db, command });
		orderRoutes(app, { db, command, refundOrder });
		shipmentRoutes(app, { db, command });
		const keys = licenseKeys({
			signingSecret: config.SIGNING_SECRET,
			prefix: config.LICENSE_KEY_PREFIX,
		});
		registerLicensing(app, {
			db,
			command,
			storage,
			keys,
			logger,
			publicUrl: config.PUBLIC_URL,
			signingSecret: config.SIGNING_SECRET,
		});
		const gateways = createGateways(config);
		const issueForOrder = licenseIssuer(keys);
		registerPayments(app, {
			db,
			command,
			gateways,
			issueForOrder,
			publicUrl: config.PUBLIC_URL,
		});
		registerPages(app, {
			...{ db, gateways, issueForOrder, keys },
			storeName: config.STORE_NAME,
			signingSecret: config.SIGNING_SECRET,
			publicUrl: config.PUBLIC_URL,
		});
		orderWaitRoutes(app, { command });
	});
}
