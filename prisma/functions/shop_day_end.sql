-- The last moment (to the millisecond, as JavaScript has it) of the day that is so many days after the day of p_at on
-- the clock of p_zone. Days are counted on the calendar: one of them may have 23 or 25 hours.
CREATE OR REPLACE FUNCTION shop_day_end(p_at timestamptz, p_days integer, p_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  day date := (p_at AT TIME ZONE p_zone)::date + p_days;
  midnight timestamptz := (day + 1)::timestamp AT TIME ZONE p_zone;
BEGIN
  -- Clocks that are put back at midnight show it twice (Havana); the day is over at the first.
  IF ((midnight - interval '1 millisecond') AT TIME ZONE p_zone)::date > day THEN
    midnight := midnight - interval '1 hour';
  END IF;
  RETURN midnight - interval '1 millisecond';
END $$;
