-- The name that a licence has in the system it was imported from: what is sent again makes no second one.
ALTER TABLE licenses ADD COLUMN external_id text;
CREATE UNIQUE INDEX licenses_external_id ON licenses (external_id) WHERE external_id IS NOT NULL;
