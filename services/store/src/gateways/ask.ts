import { Problem } from '@autopilot/http';
import { GatewayRefused } from './gateway.ts';

/** Asks a gateway while somebody waits for the answer: what goes wrong there becomes a 502 that says what to do. */
export async function askGateway<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof Problem) throw error;
		const refused = error instanceof GatewayRefused;
		throw new Problem({
			status: 502,
			code: refused ? 'gateway_refused' : 'gateway_unavailable',
			detail: refused
				? `The payment gateway refuses: ${error.message}`
				: 'The payment gateway does not answer. Ask again: what it may have done is not done twice.',
			cause: error,
		});
	}
}
