-- Who a Shopify id means after merges, and the end of balances whose member is gone. Functions are copied from prisma/functions.

-- migrate:up

-- The member who has what this one had: themselves, or the one they were finally merged into.
CREATE OR REPLACE FUNCTION member_heir(p_merchant uuid, p_customer uuid) RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  here uuid := p_customer;
  heir uuid;
BEGIN
  FOR hop IN 1..100 LOOP
    SELECT c.merged_into_customer_id INTO heir FROM customers c
    WHERE c.merchant_id = p_merchant AND c.customer_id = here;
    EXIT WHEN heir IS NULL;
    here := heir;
  END LOOP;
  RETURN here;
END $$;
REVOKE ALL ON FUNCTION member_heir(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION member_heir(uuid, uuid) TO loyalnest_app, loyalnest_ledger, loyalnest_redactor;

-- Members of the transaction's tenant whose names begin with what these keyed hashes stand for. Whether an array holds
-- another is asked by an operator that is not leakproof, so under row security it would be asked last, row by row, and
-- never of an index; here no row security is asked first.
CREATE OR REPLACE FUNCTION members_by_name(p_tokens bytea[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT c.customer_id FROM customers c
  WHERE c.merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid AND c.name_tokens @> p_tokens
$$;

-- The Shopify id that replaces this one after merges; the same when there were none, or when it is unknown.
CREATE OR REPLACE FUNCTION member_in_force(p_merchant uuid, p_shopify_customer text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  merged uuid;
  in_force text;
BEGIN
  PERFORM require_own_tenant(p_merchant);
  SELECT c.merged_into_customer_id INTO merged FROM customers c
  WHERE c.merchant_id = p_merchant AND c.shopify_customer_id = p_shopify_customer;
  IF merged IS NULL THEN RETURN p_shopify_customer; END IF;
  SELECT c.shopify_customer_id INTO in_force FROM customers c
  WHERE c.merchant_id = p_merchant AND c.customer_id = member_heir(p_merchant, merged);
  RETURN coalesce(in_force, p_shopify_customer);
END $$;

-- member_in_force() for many customers of several tenants; returns only those that changed. Until the transaction ends no
-- customer of these tenants is merged or erased, so that what is written next is written for the right member. It comes
-- before all other locks, in the order of the tenants. Not STABLE: what is read must be younger than the lock.
CREATE OR REPLACE FUNCTION members_in_force(p_merchant uuid[], p_shopify_customer text[])
RETURNS TABLE (ord bigint, shopify_customer_id text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
BEGIN
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    PERFORM require_own_tenant(tenant);
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('members/' || tenant, 0));
  END LOOP;
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    RETURN QUERY
    SELECT u.n, member_in_force(tenant, u.shopify)
    FROM unnest(p_merchant, p_shopify_customer) WITH ORDINALITY AS u(merchant, shopify, n)
    JOIN customers c ON c.merchant_id = tenant AND c.shopify_customer_id = u.shopify
    WHERE u.merchant = tenant AND c.merged_into_customer_id IS NOT NULL;
  END LOOP;
END $$;

-- Who has now what these members had, whatever their tenants; answers only those who were merged into another.
CREATE OR REPLACE FUNCTION members_heirs(p_merchant uuid[], p_customer uuid[]) RETURNS TABLE (ord bigint, customer_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
BEGIN
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    PERFORM require_own_tenant(tenant);
    RETURN QUERY
    SELECT u.n, member_heir(tenant, u.customer)
    FROM unnest(p_merchant, p_customer) WITH ORDINALITY AS u(merchant, customer, n)
    JOIN customers c ON c.merchant_id = tenant AND c.customer_id = u.customer
    WHERE u.merchant = tenant AND c.merged_into_customer_id IS NOT NULL;
  END LOOP;
END $$;

-- Holds go with a member who is merged into another: a redemption that is under way is finished by the member who has the points
-- now.
CREATE OR REPLACE FUNCTION members_move_holds(p_merchant uuid, p_from uuid, p_to uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  moved bigint;
BEGIN
  PERFORM require_own_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant, p_merchant], ARRAY[p_from, p_to]);
  SELECT coalesce(sum(h.points), 0) INTO moved FROM point_holds h
  WHERE h.merchant_id = p_merchant AND h.customer_id = p_from AND h.status = 'active';
  IF moved = 0 THEN RETURN; END IF;
  UPDATE point_holds SET customer_id = p_to
  WHERE merchant_id = p_merchant AND customer_id = p_from AND status = 'active';
  UPDATE points_balances SET held = held + CASE customer_id WHEN p_to THEN moved ELSE -moved END, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id IN (p_from, p_to);
END $$;

-- Closes the balances of members who are merged into another or erased, for good. They must have nothing left.
CREATE OR REPLACE FUNCTION members_close(p_merchant uuid, p_customers uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM require_own_tenant(p_merchant);
  INSERT INTO points_balances AS b (merchant_id, customer_id, closed_at)
  SELECT p_merchant, c, now() FROM (SELECT DISTINCT c FROM unnest(p_customers) c) d ORDER BY c
  ON CONFLICT (merchant_id, customer_id) DO UPDATE SET closed_at = coalesce(b.closed_at, now());
  IF EXISTS (SELECT 1 FROM points_balances b WHERE b.merchant_id = p_merchant AND b.customer_id = ANY (p_customers)
             AND (b.balance <> 0 OR b.held <> 0)) THEN
    RAISE EXCEPTION 'a balance that is not empty cannot be closed' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END $$;

CALL become_ledger();
DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'members_by_name', 'member_in_force', 'members_in_force', 'members_heirs', 'members_move_holds']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
CALL step_back_from_ledger();
ALTER FUNCTION members_close(uuid, uuid[]) OWNER TO loyalnest_redactor;
REVOKE ALL ON FUNCTION members_close(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_close(uuid, uuid[]) TO loyalnest_app;

-- migrate:down

DROP FUNCTION members_by_name, member_in_force, members_in_force, members_heirs, members_move_holds, members_close,
  member_heir;
