-- When a consent was told, so that an older notice that arrives later does not overrule a newer one.

-- migrate:up

ALTER TABLE consents ADD COLUMN told_at timestamptz;
-- The only column that changes: the same status, told again later.
GRANT UPDATE (told_at) ON consents TO loyalnest_app;

-- migrate:down

ALTER TABLE consents DROP COLUMN told_at;
