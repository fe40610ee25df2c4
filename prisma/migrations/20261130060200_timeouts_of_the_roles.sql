-- A statement, a wait for a lock or a forgotten transaction holds others up for no longer than this. Settings of the
-- roles hold behind a pooler, too, and an operator may change them (ALTER ROLE). What is known to take longer (erasing a
-- shop, counting segments) says so in its own transaction.

-- migrate:up

-- Roles belong to the server: another database of it may alter them at the same instant.
CREATE PROCEDURE set_timeouts(p_role name, p_settings jsonb) LANGUAGE plpgsql AS $$
DECLARE
  setting record;
BEGIN
  FOR attempt IN 1..20 LOOP
    BEGIN
      FOR setting IN SELECT key, value FROM jsonb_each_text(p_settings) LOOP
        EXECUTE format('ALTER ROLE %I SET %I = %L', p_role, setting.key, setting.value);
      END LOOP;
      RETURN;
    EXCEPTION WHEN internal_error THEN
      IF attempt = 20 THEN RAISE; END IF;
      PERFORM pg_sleep(random() * 0.2);
    END;
  END LOOP;
END $$;
CALL set_timeouts('loyalnest_app',
  '{"statement_timeout": "60s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}');
-- Migrations take their time, but let nobody wait behind them for a lock.
CALL set_timeouts(current_user, '{"lock_timeout": "5s", "idle_in_transaction_session_timeout": "10min"}');
DROP PROCEDURE set_timeouts(name, jsonb);

-- migrate:down

ALTER ROLE loyalnest_app RESET statement_timeout;
ALTER ROLE loyalnest_app RESET lock_timeout;
ALTER ROLE loyalnest_app RESET idle_in_transaction_session_timeout;
ALTER ROLE CURRENT_USER RESET lock_timeout;
ALTER ROLE CURRENT_USER RESET idle_in_transaction_session_timeout;
