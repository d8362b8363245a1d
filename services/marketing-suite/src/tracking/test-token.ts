/** Stands in test mails where a real one has its recipient's token. */
export const TEST_TOKEN = 'test';
