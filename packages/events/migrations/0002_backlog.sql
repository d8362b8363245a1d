-- Deliveries are taken in the order in which they are due: what waits for later is not even looked at.
CREATE INDEX deliveries_next ON deliveries (next_attempt_at, position) WHERE state = 'pending';
DROP INDEX deliveries_due;
-- Dead letters are few among hundreds of thousands that were delivered.
CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead';
