import type { Service } from '../shared/service.ts';
import { coupon } from './resources/coupon/index.ts';
import { customer } from './resources/customer/index.ts';
import { download } from './resources/download/index.ts';
import { launch } from './resources/launch/index.ts';
import { license } from './resources/license/index.ts';
import { order } from './resources/order/index.ts';
import { payment } from './resources/payment/index.ts';
import { product } from './resources/product/index.ts';
import { refund } from './resources/refund/index.ts';
import { report } from './resources/report/index.ts';
import { shipment } from './resources/shipment/index.ts';
import { subscription } from './resources/subscription/index.ts';
import { variant } from './resources/variant/index.ts';

/** The store as its node sees it. */
export const store: Service = {
	name: 'Store',
	credential: 'autopilotStoreApi',
	resources: [
		product,
		variant,
		launch,
		order,
		payment,
		refund,
		shipment,
		subscription,
		license,
		download,
		coupon,
		customer,
		report,
	],
};
