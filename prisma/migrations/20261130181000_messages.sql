-- Messages to members: each from the event it is about to the provider's answer, and who carries them.

-- migrate:up

ALTER TABLE email_events
  -- How it ended; null while it has not.
  ALTER COLUMN event_type DROP NOT NULL,
  ALTER COLUMN event_type DROP DEFAULT,
  ADD COLUMN status text NOT NULL DEFAULT 'queued' CHECK (status IN (
    'queued', 'waiting', 'sending', 'sent', 'parked', 'unconfirmed', 'failed', 'withheld')),
  -- The business's name of what it is about, such as redemption/<id>: it is written about once on each channel.
  ADD COLUMN event_key text NOT NULL DEFAULT gen_random_uuid()::text,
  ADD COLUMN language text,
  -- Ids and numbers; who it is about is looked up when it is sent.
  ADD COLUMN variables jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(variables) = 'object'),
  ADD COLUMN provider_message_id text,
  -- Of the worker that has it; next_attempt_at says until when.
  ADD COLUMN lease_id uuid,
  -- When a provider was asked last; from then on it may have been sent.
  ADD COLUMN asked_at timestamptz,
  ADD COLUMN sent_at timestamptz,
  ADD COLUMN reason text;
CREATE UNIQUE INDEX uq_email_events_event_key ON email_events (merchant_id, event_key, channel);
CREATE INDEX idx_email_events_next_attempt_at ON email_events (next_attempt_at)
  WHERE status IN ('queued', 'waiting', 'sending', 'parked');
CREATE INDEX idx_email_events_provider_message_id ON email_events (merchant_id, provider_message_id)
  WHERE provider_message_id IS NOT NULL;
-- The delivery log, newest first.
CREATE INDEX idx_email_events_created_at ON email_events (merchant_id, created_at DESC, event_id DESC);

-- What a member told us themselves: no messages of the program, whatever Shopify knows of newsletters.
ALTER TABLE consents
  DROP CONSTRAINT consents_type_check,
  ADD CONSTRAINT consents_type_check
    CHECK (type IN ('newsletter', 'rfm_tracking', 'referrals', 'loyalty_email', 'loyalty_sms'));

ALTER TABLE integrations
  DROP CONSTRAINT integrations_platform_check,
  ADD CONSTRAINT integrations_platform_check CHECK (platform IN (
    'shopify', 'klaviyo', 'twilio', 'postscript', 'ses', 'mailchimp', 'yotpo', 'judgeme', 'square', 'lightspeed',
    'recharge', 'gorgias', 'shopify_flow', 'zapier', 'slack'));

-- Channels by type, sender, quiet hours.
ALTER TABLE program_settings
  ADD COLUMN message_settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(message_settings) = 'object');

CREATE POLICY every_tenant_ledger ON email_events TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON email_events TO loyalnest_ledger;

-- Messages that wait for nothing any more, of all tenants, the longest due first; others are not given them within the
-- next two minutes. One whose worker died after asking its provider is asked again only where the provider recognizes
-- the repetition; elsewhere nobody knows whether it arrived.
CREATE OR REPLACE FUNCTION messages_due(p_now timestamptz, p_limit integer, p_repeatable text[])
RETURNS TABLE (merchant_id uuid, shop_domain text, message_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH due AS (
    SELECT e.merchant_id, e.event_id, m.shopify_domain,
           CASE WHEN e.status <> 'sending' THEN e.status
                WHEN e.asked_at IS NULL OR e.provider = ANY (p_repeatable) THEN 'queued'
                ELSE 'unconfirmed' END AS status
    FROM email_events e JOIN merchants m ON m.merchant_id = e.merchant_id AND m.uninstalled_at IS NULL
    WHERE e.status IN ('queued', 'waiting', 'sending', 'parked') AND e.next_attempt_at <= p_now
    ORDER BY e.next_attempt_at LIMIT p_limit FOR UPDATE OF e SKIP LOCKED
  ), taken AS (
    UPDATE email_events e SET status = d.status, lease_id = NULL,
      reason = CASE WHEN d.status = 'unconfirmed' THEN 'answer_lost' ELSE e.reason END,
      next_attempt_at = CASE WHEN d.status = 'unconfirmed' THEN NULL ELSE p_now + interval '2 minutes' END
    FROM due d WHERE e.merchant_id = d.merchant_id AND e.event_id = d.event_id
    RETURNING e.merchant_id, d.shopify_domain, e.event_id, e.status
  )
  SELECT t.merchant_id, t.shopify_domain, t.event_id FROM taken t WHERE t.status <> 'unconfirmed'
$$;

-- Deletes messages that ended half a year ago or longer, at most p_limit. Answers how many rows went.
CREATE OR REPLACE FUNCTION messages_delete_old(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM email_events e USING (
    SELECT o.merchant_id, o.event_id FROM email_events o
    WHERE o.created_at < now() - interval '180 days' LIMIT p_limit) d
  WHERE e.merchant_id = d.merchant_id AND e.event_id = d.event_id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

CALL become_ledger();
ALTER FUNCTION messages_due OWNER TO loyalnest_ledger;
ALTER FUNCTION messages_delete_old OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION messages_due, messages_delete_old FROM PUBLIC;
GRANT EXECUTE ON FUNCTION messages_due, messages_delete_old TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION messages_due, messages_delete_old;
DROP POLICY every_tenant_ledger ON email_events;
REVOKE UPDATE, DELETE ON email_events FROM loyalnest_ledger;
ALTER TABLE program_settings DROP COLUMN message_settings;
ALTER TABLE integrations
  DROP CONSTRAINT integrations_platform_check,
  ADD CONSTRAINT integrations_platform_check CHECK (platform IN (
    'shopify', 'klaviyo', 'twilio', 'postscript', 'mailchimp', 'yotpo', 'judgeme', 'square', 'lightspeed', 'recharge',
    'gorgias', 'shopify_flow', 'zapier', 'slack'));
ALTER TABLE consents
  DROP CONSTRAINT consents_type_check,
  ADD CONSTRAINT consents_type_check CHECK (type IN ('newsletter', 'rfm_tracking', 'referrals'));
DROP INDEX idx_email_events_next_attempt_at, idx_email_events_provider_message_id, uq_email_events_event_key,
  idx_email_events_created_at;
ALTER TABLE email_events
  DROP COLUMN status, DROP COLUMN event_key, DROP COLUMN language, DROP COLUMN variables,
  DROP COLUMN provider_message_id, DROP COLUMN lease_id, DROP COLUMN asked_at, DROP COLUMN sent_at, DROP COLUMN reason,
  ALTER COLUMN event_type SET DEFAULT 'sent',
  ALTER COLUMN event_type SET NOT NULL;
