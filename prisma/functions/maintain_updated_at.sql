-- Has a table's updated_at kept by a trigger.
CREATE OR REPLACE PROCEDURE maintain_updated_at(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION touch_updated_at()',
                 target);
END $$;
