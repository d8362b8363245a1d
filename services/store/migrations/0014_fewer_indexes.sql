-- Each change of an order or a payment writes into all indexes of its table, so those that no query needs go, and the
-- others leave out the rows that they are never asked for.

-- Lists are in the order of their ids.
DROP INDEX payments_newest;
DROP INDEX refunds_newest;
DROP INDEX disputes_newest;
DROP INDEX invoices_newest;
DROP INDEX subscriptions_newest;
DROP INDEX reconciliations_newest;

ALTER TABLE payments DROP CONSTRAINT payments_gateway_session_ref_key,
	DROP CONSTRAINT payments_gateway_payment_ref_key,
	DROP CONSTRAINT payments_gateway_invoice_ref_key;
CREATE UNIQUE INDEX payments_session ON payments (gateway, session_ref) WHERE session_ref IS NOT NULL;
CREATE UNIQUE INDEX payments_payment ON payments (gateway, payment_ref) WHERE payment_ref IS NOT NULL;
CREATE UNIQUE INDEX payments_invoice ON payments (gateway, invoice_ref) WHERE invoice_ref IS NOT NULL;

DROP INDEX orders_customer;
CREATE INDEX orders_customer ON orders (customer_id, id DESC) WHERE customer_id IS NOT NULL;
