import { createLogger, parseConfig } from '@autopilot/http';
import { connect } from '@autopilot/postgres';
import { configSchema } from '../src/config.ts';
import { startInboxWorker } from '../src/gateway-events/worker.ts';
import { createGateways } from '../src/gateways/gateways.ts';
import { licenseIssuer } from '../src/licenses/issue.ts';
import { licenseKeys } from '../src/licenses/key.ts';
import { useOrderSettings } from '../src/orders/settings.ts';

// A worker of the inbox in a process of its own, which dies at once when it has brought about the effects of its n-th
// event and not acknowledged it yet: `node inbox-process.ts <n> <objects in a transaction>`.
const config = parseConfig(configSchema, process.env);
const [dieAfter, batch] = process.argv.slice(2).map(Number);
let effects = 0;
useOrderSettings({
	publicUrl: config.PUBLIC_URL,
	signingSecret: config.SIGNING_SECRET,
	reservationSeconds: config.RESERVATION_SECONDS,
});
await startInboxWorker({
	db: connect(config.DATABASE_URL, { name: 'inbox process', max: 12 }),
	gateways: createGateways(config),
	issueForOrder: licenseIssuer(licenseKeys({ signingSecret: config.SIGNING_SECRET, prefix: 'AP' })),
	logger: createLogger('inbox', 'silent'),
	lanes: 10,
	...(batch === undefined ? {} : { batch }),
	onEffects() {
		if (++effects === dieAfter) process.kill(process.pid, 'SIGKILL');
	},
});
