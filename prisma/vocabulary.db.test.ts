import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMigrated, type MigratedDatabase } from './testing/migrated.ts';
import { LOG_SEVERITIES } from '#vocabulary/activity.ts';
import { CAMPAIGN_STATUSES, CAMPAIGN_TYPES } from '#vocabulary/campaigns.ts';
import { ADMIN_STATUSES, SIGN_IN_STAGES } from '#vocabulary/console.ts';
import { CONSENT_STATUSES, CUSTOMER_STATES } from '#vocabulary/customers.ts';
import { DELIVERY_STATUSES } from '#vocabulary/deliveries.ts';
import { OUTBOX_EVENTS } from '#vocabulary/events.ts';
import { SHOP_ACCESS } from '#vocabulary/health.ts';
import { ENTRY_TYPES, HOLD_STATUSES } from '#vocabulary/ledger.ts';
import { MESSAGE_CHANNELS, MESSAGE_PROVIDERS, MESSAGE_STATUSES } from '#vocabulary/messages.ts';
import { ORDER_CHANNELS, ORDER_SOURCES } from '#vocabulary/orders.ts';
import {
  PRIVACY_REQUESTS,
  PRIVACY_REQUEST_SOURCES,
  PRIVACY_REQUEST_STATUSES,
  SHOP_ERASURE_STATUSES,
} from '#vocabulary/privacy.ts';
import {
  DELIVERY_FAILURES,
  DELIVERY_STATES,
  DISABLED_REASONS,
  ENDPOINT_KINDS,
  ENDPOINT_STATUSES,
} from '#vocabulary/public-events.ts';
import {
  GIFT_KINDS,
  REDEMPTION_STATUSES,
  REWARD_CHANNELS,
  REWARD_KINDS,
  REWARD_STATUSES,
} from '#vocabulary/rewards.ts';
import { LIFECYCLE_STAGES, SCORE_TRIGGERS } from '#vocabulary/segments.ts';
import {
  MERCHANT_STATUSES,
  PLANS,
  SETUP_TASK_STATUSES,
  SYNC_PHASES,
  SYNC_STATUSES,
} from '#vocabulary/shops.ts';
import {
  TIER_BASES,
  TIER_CHANGE_DIRECTIONS,
  TIER_CHANGE_REASONS,
  TIER_PERIODS,
  TIER_SET_STATUSES,
} from '#vocabulary/tiers.ts';

let database: MigratedDatabase;
beforeAll(async () => {
  database = await openMigrated();
});
afterAll(() => database.close());

/** The closed lists that a column is checked against. Planned tables that do not exist yet follow them. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'admin_sessions.stage': SIGN_IN_STAGES,
  'admin_users.status': ADMIN_STATUSES,
  'audit_logs.severity': LOG_SEVERITIES,
  'bonus_campaigns.status': CAMPAIGN_STATUSES,
  'bonus_campaigns.type': CAMPAIGN_TYPES,
  'consents.status': CONSENT_STATUSES,
  'customers.lifecycle_stage': LIFECYCLE_STAGES,
  'customers.state': CUSTOMER_STATES,
  'email_events.channel': MESSAGE_CHANNELS,
  'email_events.provider': MESSAGE_PROVIDERS,
  'email_events.status': MESSAGE_STATUSES,
  'event_deliveries.failure': DELIVERY_FAILURES,
  'event_deliveries.status': DELIVERY_STATES,
  'event_endpoints.disabled_reason': DISABLED_REASONS,
  'event_endpoints.kind': ENDPOINT_KINDS,
  'event_endpoints.status': ENDPOINT_STATUSES,
  'gdpr_requests.request_source': PRIVACY_REQUEST_SOURCES,
  'gdpr_requests.request_type': PRIVACY_REQUESTS,
  'gdpr_requests.status': PRIVACY_REQUEST_STATUSES,
  'merchants.status': MERCHANT_STATUSES,
  'onboarding_tasks.status': SETUP_TASK_STATUSES,
  'orders.channel': [...ORDER_CHANNELS, 'square', 'lightspeed'],
  'orders.source': ORDER_SOURCES,
  'point_holds.status': HOLD_STATUSES,
  'points_transactions.type': ENTRY_TYPES,
  'reward_redemptions.gift': GIFT_KINDS,
  'reward_redemptions.status': REDEMPTION_STATUSES,
  'rewards.channel': REWARD_CHANNELS,
  'rewards.status': REWARD_STATUSES,
  'rewards.type': [...REWARD_KINDS, 'custom'],
  'rfm_score_history.lifecycle_stage': LIFECYCLE_STAGES,
  'rfm_score_history.trigger': SCORE_TRIGGERS,
  'shop_erasures.status': SHOP_ERASURE_STATUSES,
  'shop_health.access': SHOP_ACCESS,
  'sync_runs.phase': SYNC_PHASES,
  'sync_runs.status': SYNC_STATUSES,
  'vip_tier_changes.direction': TIER_CHANGE_DIRECTIONS,
  'vip_tier_changes.reason': TIER_CHANGE_REASONS,
  'vip_tier_sets.basis': TIER_BASES,
  'vip_tier_sets.period': TIER_PERIODS,
  'vip_tier_sets.status': TIER_SET_STATUSES,
  'webhook_inbox.status': DELIVERY_STATUSES,
};

/** By column: all values that its checks name. */
async function checkedValues(): Promise<Map<string, ReadonlySet<string>>> {
  const { rows } = await database.owner.query<{ name: string; definition: string }>(
    `SELECT r.relname || '.' || a.attname AS name, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
     JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (c.conkey)
     WHERE c.contype = 'c' AND NOT r.relispartition AND pg_get_constraintdef(c.oid) LIKE '%ANY (ARRAY[%'`,
  );
  const values = new Map<string, Set<string>>();
  for (const { name, definition } of rows) {
    const named = [...definition.matchAll(/'([^']*)'::text/g)].map(([, value]) => value ?? '');
    values.set(name, new Set([...(values.get(name) ?? []), ...named]));
  }
  return values;
}

it('lets a column hold what its list names, and nothing else', async () => {
  const checked = await checkedValues();
  for (const [column, list] of Object.entries(lists))
    expect([...(checked.get(column) ?? [])].sort(), column).toEqual([...list].sort());
});

it('has the plans that the dashboard names', async () => {
  const { rows } = await database.owner.query<{ plan_id: string }>('SELECT plan_id FROM plans');
  expect(rows.map((row) => row.plan_id).sort()).toEqual([...PLANS].sort());
});

it('writes only events that the worker knows', async () => {
  const { rows } = await database.owner.query<{ name: string; body: string }>(
    `SELECT p.proname AS name, p.prosrc AS body FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc LIKE '%INSERT INTO outbox_events%'`,
  );
  const told = rows.flatMap(({ body }) =>
    [...body.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, kind]) => kind ?? ''),
  );
  expect(told).toContain('points.changed');
  expect(told.filter((kind) => !OUTBOX_EVENTS.some((known) => known === kind))).toEqual([]);
});
