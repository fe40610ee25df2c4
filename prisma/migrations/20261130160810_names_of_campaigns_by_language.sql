-- What shoppers read in their own language where a campaign is named. The name stays what the merchant calls it.

-- migrate:up
ALTER TABLE bonus_campaigns ADD COLUMN translations jsonb NOT NULL DEFAULT '{}';

-- An order's line keeps what its campaign was called at the time, in every language.
CALL become_ledger();
DO $$
DECLARE
  was CONSTANT text := $q$'name', b.name, 'type', b.type,$q$;
  body text := pg_get_functiondef('orders_context(uuid[],text[],text[],timestamptz[])'::regprocedure);
BEGIN
  IF position(was IN body) = 0 THEN RAISE EXCEPTION 'orders_context is not as it was'; END IF;
  EXECUTE replace(body, was, $q$'name', b.name, 'translations', b.translations, 'type', b.type,$q$);
END $$;
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
DO $$
DECLARE
  body text := pg_get_functiondef('orders_context(uuid[],text[],text[],timestamptz[])'::regprocedure);
BEGIN
  EXECUTE replace(body, $q$ 'translations', b.translations,$q$, '');
END $$;
CALL step_back_from_ledger();

ALTER TABLE bonus_campaigns DROP COLUMN translations;
