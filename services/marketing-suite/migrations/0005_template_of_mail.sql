-- A template that is deleted does not rewrite each mail that was ever made of it: whether it is still there is looked
-- up when the mail is read.
ALTER TABLE mails DROP CONSTRAINT mails_template_id_fkey;
