-- A flow that waited for an order may be gone when the wait ends: its call-back finds nobody, or whom it finds dies before
-- all is done. Such an order is left to somebody else, also when it is delivered, until somebody says that it is done
-- (POST /orders/{id}/complete). What ended before this was is taken as done.
ALTER TABLE order_waits ADD COLUMN attended_at timestamptz;
UPDATE order_waits SET attended_at = ended_at WHERE ended_at IS NOT NULL;
CREATE INDEX order_waits_unattended ON order_waits (order_id) WHERE ended_at IS NOT NULL AND attended_at IS NULL;

-- A flow of somebody's own may never say so. Who begins to wait for what was delivered minutes ago has come for what was
-- left undone; once such a flow has heard that it was, nobody else is asked for again.
CREATE FUNCTION attend_heard_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE order_waits w SET attended_at = now()
	FROM order_waits heard JOIN orders o ON o.id = heard.order_id
	WHERE heard.url = NEW.callback_url AND heard.created_at > o.delivered_at + interval '5 minutes'
		AND w.order_id = o.id AND w.ended_at IS NOT NULL AND w.attended_at IS NULL;
	RETURN NULL;
END $$;
CREATE TRIGGER attend_heard_waits AFTER UPDATE OF state ON deliveries FOR EACH ROW
	WHEN (NEW.callback_url IS NOT NULL AND NEW.state = 'delivered' AND OLD.state <> 'delivered')
	EXECUTE FUNCTION attend_heard_waits();
