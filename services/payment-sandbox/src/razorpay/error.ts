/** What Razorpay refuses: `BAD_REQUEST_ERROR`, with the field it is about where there is one. */
export class RazorpayError extends Error {
	override readonly name = 'RazorpayError';
	readonly status: number;
	readonly field: string | null;

	constructor(status: number, description: string, fieldName: string | null = null) {
		super(description);
		this.status = status;
		this.field = fieldName;
	}
}
