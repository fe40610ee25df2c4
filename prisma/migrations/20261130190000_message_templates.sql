-- What merchants write to their members: which of it is sent, and the version that an editor read.

-- migrate:up

ALTER TABLE email_templates
  ADD COLUMN enabled boolean NOT NULL DEFAULT true,
  ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);

-- migrate:down

ALTER TABLE email_templates
  DROP COLUMN version,
  DROP COLUMN enabled;
