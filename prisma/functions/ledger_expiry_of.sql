-- When a credit expires. 'program': as the program says of what is earned at p_at; 'day': at the end of p_at's day.
-- Called by the other ledger functions only.
CREATE OR REPLACE FUNCTION ledger_expiry_of(p_merchant uuid, p_rule text, p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  shop record;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF p_at IS NULL THEN RETURN NULL; END IF;
  SELECT m.timezone, CASE WHEN jsonb_typeof(s.config->'expiry_days') = 'number' THEN (s.config->>'expiry_days')::integer ELSE 0 END AS days
  INTO shop FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = p_merchant WHERE m.merchant_id = p_merchant;
  IF p_rule = 'program' THEN
    RETURN CASE WHEN shop.days > 0 THEN shop_day_end(p_at, shop.days, shop.timezone) END;
  ELSIF p_rule = 'day' THEN
    RETURN shop_day_end(p_at, 0, shop.timezone);
  END IF;
  RAISE EXCEPTION 'no such rule of expiry: %', p_rule USING ERRCODE = 'invalid_parameter_value';
END $$;
