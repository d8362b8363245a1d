/** A mail of which is asked whether it has arrived. */
export interface Sought {
	/** With angle brackets. */
	messageId: string;
	email: string;
}

/**
 * Somebody who can tell which mails were accepted: the inbox of a mail catcher, a provider's search. Where there is
 * one, a crash leaves nothing uncertain.
 */
export interface DeliveryLookup {
	/**
	 * @returns the Message-IDs of those that were accepted; the others were not
	 * @throws when it can't tell at present
	 */
	accepted(mails: Sought[]): Promise<Set<string>>;
}
