/** What orders need to know of the deployment. */
export interface OrderSettings {
	/** Base URL of the pages that a buyer sees. */
	publicUrl: string;
	/** Signs the tokens of those pages. */
	signingSecret: string;
	/** How long an order that is not paid holds its stock. */
	reservationSeconds: number;
}

let current: OrderSettings | undefined;

/**
 * Said once per process, by the app and by the worker. Orders are changed from many places (payments, refunds,
 * sweeps), and each tells the whole order with its links; handing the settings through all of them would put a
 * parameter into every signature that none of them means.
 */
export function useOrderSettings(settings: OrderSettings): void {
	current = settings;
}

export function orderSettings(): OrderSettings {
	if (current === undefined) throw new Error('Call useOrderSettings before orders are used.');
	return current;
}
