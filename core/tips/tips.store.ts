import type { PoolClient } from 'pg';
import { readSegmentCounts } from '../rfm/standing.store.ts';
import { PROGRAM_CONFIG_SQL, programFromConfig } from '../program/program.rules.ts';
import { memoriesFrom, type TipFacts, type TipMemories } from './tips.rules.ts';
import type { TipId } from '#vocabulary/shops.ts';

interface StateRow {
  config: unknown;
  is_setup_open: boolean;
  is_widget_seen: boolean;
  active_rewards: number;
  members: number;
  has_tiers: boolean;
  has_campaign: boolean;
  has_lifecycle: boolean;
  tips: unknown;
  today: string;
}

/** What a shop is like and which tips it has seen, in one query. Nothing is counted further than it matters. */
export async function readTipState(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<{ facts: TipFacts; memories: TipMemories; today: string } | undefined> {
  const { rows } = await client.query<StateRow>(
    `SELECT ${PROGRAM_CONFIG_SQL} AS config, coalesce(s.setup_progress ? 'widget_seen_at', false) AS is_widget_seen,
       EXISTS (SELECT 1 FROM onboarding_tasks o WHERE o.merchant_id = $1 AND o.status = 'pending') AS is_setup_open,
       (SELECT count(*) FROM rewards r WHERE r.merchant_id = $1 AND r.status = 'active') AS active_rewards,
       (SELECT count(*) FROM (SELECT 1 FROM customers c WHERE c.merchant_id = $1 AND c.redacted_at IS NULL LIMIT 100) x)
         AS members,
       EXISTS (SELECT 1 FROM vip_tier_sets v WHERE v.merchant_id = $1 AND v.status = 'published' AND v.tiers <> '[]')
         AS has_tiers,
       EXISTS (SELECT 1 FROM bonus_campaigns b WHERE b.merchant_id = $1 AND b.status IN ('scheduled', 'active'))
         AS has_campaign,
       EXISTS (SELECT 1 FROM bonus_campaigns b WHERE b.merchant_id = $1 AND b.type = 'lifecycle'
         AND b.status IN ('scheduled', 'active')) AS has_lifecycle,
       m.onboarding_status->'tips' AS tips, to_char($2::timestamptz AT TIME ZONE m.timezone, 'YYYY-MM-DD') AS today
     FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id WHERE m.merchant_id = $1`,
    [merchantId, now],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const program = programFromConfig(row.config);
  const { counts } = await readSegmentCounts(client);
  return {
    today: row.today,
    memories: memoriesFrom(row.tips),
    facts: {
      isSetupOpen: row.is_setup_open,
      isProgramActive: program.isActive,
      activeRewards: row.active_rewards,
      isWidgetSeen: row.is_widget_seen,
      members: row.members,
      hasTiers: row.has_tiers,
      hasCampaign: row.has_campaign,
      // A member in both counts once.
      membersAtRisk: Math.max(counts.get('at_risk') ?? 0, counts.get('at_risk_high_value') ?? 0),
      hasLifecycleCampaign: row.has_lifecycle,
      isBirthdayOn: program.earning.actions.birthday.isEnabled,
      expiryDays: program.expiryDays,
    },
  };
}

/** Merges what is new about tips over what is remembered of them. */
export async function rememberTips(
  client: PoolClient,
  merchantId: string,
  tips: readonly TipId[],
  change: { readonly shown_on: string } | { readonly dismissed: boolean },
): Promise<void> {
  for (const tip of tips)
    await client.query(
      `UPDATE merchants SET onboarding_status = jsonb_set(
         onboarding_status || jsonb_build_object('tips', coalesce(onboarding_status->'tips', '{}')),
         ARRAY['tips', $2::text], coalesce(onboarding_status #> ARRAY['tips', $2::text], '{}') || $3::jsonb)
       WHERE merchant_id = $1`,
      [merchantId, tip, JSON.stringify(change)],
    );
}
