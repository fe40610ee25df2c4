-- Makes <parent>_p0, _p1, … and attaches them; safe to call again. Call it when the parent has its constraints and
-- indexes: the partitions get theirs from it. storage: parameters of the partitions, such as 'fillfactor = 70'.
CREATE OR REPLACE PROCEDURE create_partitions(parent regclass, storage text DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
  modulus integer := (SELECT s.partitions FROM schema_settings s);
  parent_name text := (SELECT c.relname FROM pg_class c WHERE c.oid = parent);
  child text;
BEGIN
  FOR remainder IN 0..modulus - 1 LOOP
    child := format('%s_p%s', parent_name, remainder);
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)%s',
                   child, parent, ' WITH (' || storage || ')');
    IF NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = parent AND i.inhrelid = child::regclass) THEN
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                     parent, child, modulus, remainder);
    END IF;
  END LOOP;
END $$;
