import pg from 'pg';
import { multipliersIntoJson } from '#core/program/earning-config.rules.ts';
import { configOf } from '#core/rewards/rewards.rules.ts';
import type { EncryptionDeps } from '#core/shared/blind-index.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import {
  consentRows,
  customerRows,
  grantRows,
  noticeRows,
  orderRows,
  redemptionRows,
  segmentRows,
  tierRows,
  type TableRows,
} from './columns.ts';
import { ledgerRows } from './ledger-columns.ts';
import { DAY, HOUR, MINUTE } from './calendar.ts';
import { STAFF } from './rules.ts';
import type { AuditLine, Life } from './state.ts';

const { escapeIdentifier } = pg;
const ROWS_AT_ONCE = 1_000;

/** Writes a year into the database, in a transaction that has `app.merchant_id` set. */
export async function writeLife(
  client: pg.Client,
  deps: EncryptionDeps,
  life: Life,
): Promise<void> {
  await writeRules(client, life);
  const tables = [
    customerRows(deps, life),
    consentRows(life),
    orderRows(life),
    ...ledgerRows(life),
    redemptionRows(deps, life),
    grantRows(life),
    noticeRows(life),
    tierRows(life),
    ...segmentRows(life),
  ];
  for (const table of tables) await insert(client, life.rules.merchantId, table);
  await writeAudits(client, life);
}

/** Many rows of one table, as JSON; the table itself says of what types its columns are. */
async function insert(
  client: pg.Client,
  merchantId: string,
  { table, columns, rows }: TableRows,
): Promise<void> {
  const into = escapeIdentifier(table);
  const names = columns.map((column) => escapeIdentifier(column)).join(', ');
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await client.query(
      `INSERT INTO ${into} (merchant_id, ${names})
       SELECT $1, ${names} FROM jsonb_populate_recordset(NULL::${into}, $2::jsonb)`,
      [merchantId, JSON.stringify(rows.slice(from, from + ROWS_AT_ONCE))],
    );
}

/** What the merchant has set up, at the times at which they did, and the setup that this completed. */
async function writeRules(client: pg.Client, life: Life): Promise<void> {
  const { rules } = life;
  const { merchantId } = rules;
  const first = rules.joinedAt.getTime();
  const at = (minutes: number): string => new Date(first + minutes * MINUTE).toISOString();
  await client.query(
    `UPDATE merchants SET created_at = $2, plan_id = 'plus' WHERE merchant_id = $1`,
    [merchantId, at(0)],
  );
  await client.query(`UPDATE program_versions SET created_at = $2 WHERE merchant_id = $1`, [
    merchantId,
    at(0),
  ]);
  await client.query(
    `INSERT INTO program_versions (merchant_id, version, config, dynamic_multipliers, actor, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      merchantId,
      rules.program.version,
      JSON.stringify(rules.programConfig),
      JSON.stringify(multipliersIntoJson({}, rules.program.earning)),
      STAFF,
      at(12),
    ],
  );
  await client.query(
    `UPDATE program_settings SET config = $2, dynamic_multipliers = dynamic_multipliers || $3, created_at = $4,
       rfm_state = $5, setup_progress = $6 WHERE merchant_id = $1`,
    [
      merchantId,
      JSON.stringify(rules.programConfig),
      JSON.stringify(multipliersIntoJson({}, rules.program.earning)),
      at(0),
      JSON.stringify(rfmState(life)),
      JSON.stringify({
        widget_seen_at: at(61),
        over_at: at(62),
        completed_at: at(62),
        tasks: { launch_program: true, first_reward: true, add_widget: true },
      }),
    ],
  );
  await client.query(
    `UPDATE onboarding_tasks SET status = 'completed', created_at = $2,
       completed_at = $2::timestamptz + (13 + 20 * position) * interval '1 minute'
     WHERE merchant_id = $1 AND task_name = ANY ($3)`,
    [merchantId, at(0), ['launch_program', 'first_reward', 'add_widget']],
  );
  await writeRewards(client, life, at(25));
  await writeTiers(client, life);
  await writeCampaigns(client, life);
}

const rfmState = ({ aov, fullPassAt }: Life) => ({
  ...(aov && {
    aov: formatAmount(aov.aov),
    basis: aov.basis,
    orders: aov.orders,
    version: aov.version,
    estimated_at: aov.estimatedAt.toISOString(),
  }),
  ...(fullPassAt !== null && { full_pass_at: new Date(fullPassAt).toISOString() }),
});

async function writeRewards(client: pg.Client, { rules }: Life, at: string): Promise<void> {
  await insert(client, rules.merchantId, {
    table: 'rewards',
    columns: [
      'reward_id',
      'type',
      'title',
      'points_cost',
      'value',
      'currency',
      'channel',
      'config',
      'status',
      'created_at',
      'updated_at',
    ],
    rows: rules.rewards.map((reward) => ({
      reward_id: reward.rewardId,
      type: reward.kind,
      title: reward.title,
      points_cost: reward.pointsCost,
      value: reward.value === null ? null : formatAmount(reward.value),
      currency: reward.currency,
      channel: reward.channel,
      config: configOf(reward),
      status: reward.status,
      created_at: at,
      updated_at: at,
    })),
  });
}

async function writeTiers(client: pg.Client, { rules }: Life): Promise<void> {
  const { tierSet, merchantId } = rules;
  const at = tierSet.published_at?.toISOString();
  await insert(client, merchantId, {
    table: 'vip_tier_sets',
    columns: [
      'version',
      'status',
      'basis',
      'period',
      'grace_days',
      'tiers',
      'actor',
      'published_at',
      'created_at',
      'updated_at',
    ],
    rows: [{ ...tierSet, published_at: at, created_at: at, updated_at: at }],
  });
  await insert(client, merchantId, {
    table: 'vip_tiers',
    columns: [
      'tier_id',
      'name',
      'position',
      'spend_threshold',
      'points_threshold',
      'benefits',
      'created_at',
      'updated_at',
    ],
    rows: tierSet.tiers.map((tier, position) => ({
      ...tier,
      position,
      spend_threshold: tier.spend,
      points_threshold: tier.points,
      created_at: at,
      updated_at: at,
    })),
  });
}

/** A campaign is written down with the program, or on a morning some days before it begins; never later than now. */
function writtenAt({ rules, now }: Life, startsAt: Date | null): number {
  const withProgram = rules.joinedAt.getTime() + 50 * MINUTE;
  if (startsAt === null) return withProgram;
  const before = (time: number, days: number): number => time - days * DAY + 9.6 * HOUR;
  return Math.max(
    withProgram,
    Math.min(before(startsAt.getTime(), 5), before(Math.floor(now / DAY) * DAY, 2)),
  );
}

async function writeCampaigns(client: pg.Client, life: Life): Promise<void> {
  const { rules } = life;
  await insert(client, rules.merchantId, {
    table: 'bonus_campaigns',
    columns: [
      'campaign_id',
      'name',
      'translations',
      'type',
      'multiplier',
      'start_date',
      'end_date',
      'conditions',
      'reward',
      'status',
      'created_at',
      'updated_at',
    ],
    rows: rules.campaigns.map(({ row, campaign }) => {
      const created = new Date(writtenAt(life, campaign.startsAt));
      return { ...row, created_at: created.toISOString(), updated_at: created.toISOString() };
    }),
  });
}

/** In the order of time: each line's hash includes the one before. */
async function writeAudits(client: pg.Client, life: Life): Promise<void> {
  const { rules } = life;
  const first = rules.joinedAt.getTime();
  const by = (at: number, line: Omit<AuditLine, 'at' | 'actor'>): AuditLine => ({
    at,
    actor: STAFF,
    ...line,
  });
  const lines: AuditLine[] = [
    by(first + 12 * MINUTE, {
      action: 'program_updated',
      targetTable: 'program_settings',
      targetId: rules.merchantId,
      metadata: { version: rules.program.version },
    }),
    ...rules.rewards.map((reward, nth) =>
      by(first + (25 + 2 * nth) * MINUTE, {
        action: 'reward_created',
        targetTable: 'rewards',
        targetId: reward.rewardId,
        metadata: { kind: reward.kind, points_cost: reward.pointsCost },
      }),
    ),
    by(rules.tierSet.published_at?.getTime() ?? first, {
      action: 'vip_tiers_published',
      targetTable: 'vip_tier_sets',
      targetId: String(rules.tierSet.version),
      metadata: { version: rules.tierSet.version, tiers: rules.tierSet.tiers.length },
    }),
    ...rules.campaigns.map(({ campaign }) =>
      by(writtenAt(life, campaign.startsAt), {
        action: 'campaign_created',
        targetTable: 'bonus_campaigns',
        targetId: campaign.campaignId,
        metadata: { type: campaign.type, status: campaign.status },
      }),
    ),
    ...life.audits,
  ].sort((a, b) => a.at - b.at);
  for (const line of lines)
    await client.query(
      `INSERT INTO audit_logs (merchant_id, action, target_table, target_id, metadata, created_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        rules.merchantId,
        line.action,
        line.targetTable,
        line.targetId,
        JSON.stringify({ ...line.metadata, actor: line.actor }),
        new Date(line.at).toISOString(),
      ],
    );
}
