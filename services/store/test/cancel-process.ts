import { createLogger, parseConfig } from '@autopilot/http';
import { connect } from '@autopilot/postgres';
import { configSchema } from '../src/config.ts';
import { createGateways } from '../src/gateways/gateways.ts';
import { useOrderSettings } from '../src/orders/settings.ts';
import { endSubscriptions } from '../src/subscriptions/cancellations.ts';

// The worker's task in a process of its own, which dies when the gateway has ended a subscription and nothing of that
// is written down yet.
const config = parseConfig(configSchema, process.env);
useOrderSettings({
	publicUrl: config.PUBLIC_URL,
	signingSecret: config.SIGNING_SECRET,
	reservationSeconds: config.RESERVATION_SECONDS,
});
const gateways = createGateways(config);
const stripe = gateways.pick('stripe');
const mortal = {
	...stripe,
	async cancelSubscription(...wish: Parameters<typeof stripe.cancelSubscription>) {
		const answer = await stripe.cancelSubscription(...wish);
		process.kill(process.pid, 'SIGKILL');
		return answer;
	},
};
await endSubscriptions(connect(config.DATABASE_URL, { name: 'cancel process', max: 2 }), {
	gateways: { all: () => [mortal], pick: () => mortal },
	logger: createLogger('cancel', 'silent'),
});
