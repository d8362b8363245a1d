/** An order as the shop asks for it: two of one thing, and shipping. */
export const order = {
	mode: 'payment' as const,
	line_items: [
		{
			quantity: 2,
			price_data: { currency: 'eur', unit_amount: 8900, product_data: { name: 'Ember One' } },
		},
		{
			quantity: 1,
			price_data: { currency: 'eur', unit_amount: 490, product_data: { name: 'Shipping' } },
		},
	],
	client_reference_id: 'order-1',
	customer_email: 'buyer@example.com',
	metadata: { orderId: 'order-1' },
	payment_intent_data: { metadata: { orderId: 'order-1' } },
	success_url: 'http://shop.test/orders/1?session={CHECKOUT_SESSION_ID}',
	cancel_url: 'http://shop.test/cart',
};
