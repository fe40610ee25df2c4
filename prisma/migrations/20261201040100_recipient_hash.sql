-- Whom a text message went to, as a keyed hash: who answers STOP is known by a number, which is stored nowhere.

-- migrate:up

ALTER TABLE email_events ADD COLUMN recipient_hash bytea;
CREATE INDEX idx_email_events_recipient_hash ON email_events (merchant_id, recipient_hash)
  WHERE recipient_hash IS NOT NULL;

-- migrate:down

DROP INDEX idx_email_events_recipient_hash;
ALTER TABLE email_events DROP COLUMN recipient_hash;
