-- Makes `guard` the first statement of a function in SQL or PL/pgSQL; one that has it stays as it is.
CREATE OR REPLACE PROCEDURE guard_tenant(target regprocedure, guard text)
LANGUAGE plpgsql
AS $$
DECLARE
  definition text := pg_get_functiondef(target);
  guarded text;
BEGIN
  IF position(guard in definition) > 0 THEN RETURN; END IF;
  guarded := CASE (SELECT l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = target)
    WHEN 'plpgsql' THEN regexp_replace(definition, E'\nBEGIN\n', E'\nBEGIN\n  PERFORM ' || guard || E';\n')
    WHEN 'sql' THEN regexp_replace(definition, E'\nAS (\\$\\w*\\$)\n', E'\nAS \\1\n  SELECT ' || guard || E';\n') END;
  IF guarded IS NULL OR guarded = definition THEN RAISE EXCEPTION 'no place for a guard in %', target; END IF;
  EXECUTE guarded;
END $$;
