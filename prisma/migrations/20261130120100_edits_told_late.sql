-- What an order was worth is kept for each moment that is told. An amount that changed nothing when it was told can be
-- the end of a change that is told later: without it, what was added while the program was off earned after all.

-- migrate:up
CALL become_ledger();
DO $$
DECLARE
  was CONSTANT text := $q$ OR (o.edits <> '[]' AND EXCLUDED.gross_subtotal = o.gross_subtotal)$q$;
  body text := pg_get_functiondef('orders_merge_many(jsonb)'::regprocedure);
BEGIN
  IF position(was IN body) = 0 THEN RAISE EXCEPTION 'orders_merge_many is not as it was'; END IF;
  body := replace(body, was, '');
  body := replace(body, '-- What nothing changed is not worth a line.', '-- What changed nothing today may have, once the rest is told.');
  EXECUTE body;
END $$;
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
DO $$
DECLARE
  body text := pg_get_functiondef('orders_merge_many(jsonb)'::regprocedure);
BEGIN
  body := replace(body, $q$EXCLUDED.edits = '[]'$q$, $q$EXCLUDED.edits = '[]' OR (o.edits <> '[]' AND EXCLUDED.gross_subtotal = o.gross_subtotal)$q$);
  body := replace(body, '-- What changed nothing today may have, once the rest is told.', '-- What nothing changed is not worth a line.');
  EXECUTE body;
END $$;
CALL step_back_from_ledger();
