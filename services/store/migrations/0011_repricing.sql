-- A pay page whose order has got another price since. Nobody may pay it any more; money that comes all the same goes back.
ALTER TABLE payments ADD COLUMN superseded_at timestamptz;
CREATE INDEX payments_superseded ON payments (id)
	WHERE superseded_at IS NOT NULL AND status IN ('creating', 'open');
