-- The ledger of a campaign is written in pieces, in the order of the contacts' ids: the last contact that has been
-- looked at. Null when nobody is missing.
ALTER TABLE campaigns ADD COLUMN ledger_after uuid;

-- What did not go well is rare among hundreds of thousands of mails that did, and is asked for often.
CREATE INDEX recipients_aside ON recipients (campaign_id, state, id)
	WHERE state IN ('failed', 'suppressed', 'uncertain');
CREATE INDEX mails_aside ON mails (state, id) WHERE state <> 'sent';

-- The subscribed of a list are its members without these few: counted in two indexes, without the contacts' rows.
CREATE INDEX contacts_unsubscribed ON contacts (id) WHERE unsubscribed_at IS NOT NULL;
