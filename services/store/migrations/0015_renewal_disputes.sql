-- A renewal whose payment is disputed speaks against the licence as well. Several renewals may be disputed at once, so
-- each dispute is a voice of its own; of everything else there is one for an order or a line, about nothing further.
ALTER TABLE license_sources ADD COLUMN about text NOT NULL DEFAULT '',
	DROP CONSTRAINT license_sources_kind_check,
	ADD CONSTRAINT license_sources_kind_check
		CHECK (kind IN ('refund', 'dispute', 'subscription', 'renewal', 'renewal_dispute')),
	DROP CONSTRAINT license_sources_pkey,
	ADD PRIMARY KEY (kind, subject_id, about);
