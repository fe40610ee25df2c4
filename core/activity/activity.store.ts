import type { PoolClient } from 'pg';
import type { LogEntry } from '#proto/admin/v1/admin.ts';
import type { Encryption } from '../shared/encryption.ts';
import { ENTRY_COLUMNS, toEntryMessage } from '../ledger/index.ts';
import type { EntryRow } from '../ledger/index.ts';
import { readRedemptions, toRedemptionMessage } from '../rewards/redemptions.store.ts';
import { readTierChanges } from '../tiers/tier-changes.store.ts';
import {
  decodeCursor,
  encodeCursor,
  microseconds,
  timePattern,
  uuidPattern,
} from '../shared/cursor.rules.ts';
import { readLogs } from '../shared/audit.store.ts';
import { decryptName } from '../members/customer-encryption.ts';
import { LEDGER_ACTIONS, type LogKind, type LogSource } from '#vocabulary/activity.ts';

/** One walk over one table by its index; several of them are merged by time. */
interface Walk {
  readonly source: LogSource;
  readonly where?: string;
}

const tables: Readonly<Record<LogSource, { readonly from: string; readonly id: string }>> = {
  points: { from: 'points_transactions', id: 'transaction_id' },
  reward: { from: 'reward_redemptions', id: 'redemption_id' },
  tier: { from: 'vip_tier_changes', id: 'change_id' },
  change: { from: 'audit_logs', id: 'log_id' },
};

const ofType = (type: string): Walk => ({ source: 'points', where: `x.type = '${type}'` });
const rewards: Walk = { source: 'reward' };
const tiers: Walk = { source: 'tier' };
/** Adjustments are in the ledger, with their reason. As in idx_audit_logs_changes. */
const changes: Walk = {
  source: 'change',
  where: `x.action <> ALL ('{${LEDGER_ACTIONS.join(',')}}')`,
};

const walksOf: Readonly<Record<LogKind | '', readonly Walk[]>> = {
  '': [
    {
      source: 'points',
      // A redemption's debit is shown by the redemption, which also says for what.
      where: `NOT (x.type = 'redeem' AND x.metadata ? 'redemption_id' AND x.metadata->>'reason_code' = 'redeemed')`,
    },
    rewards,
    tiers,
    changes,
  ],
  earned: [{ source: 'points', where: `x.type IN ('earn', 'campaign', 'referral', 'import')` }],
  referrals: [ofType('referral')],
  taken_back: [ofType('reversal'), ofType('writeoff')],
  adjusted: [ofType('adjust')],
  expired: [ofType('expire')],
  rewards: [rewards],
  tiers: [tiers],
  changes: [changes],
};

export interface ActivityFilter {
  readonly kind: LogKind | '';
  /** Only changes of this name; empty for all. */
  readonly action: string;
  /** Only what is about these members; undefined for everything. */
  readonly customerIds: readonly string[] | undefined;
  readonly fromDay: string;
  readonly toDay: string;
  readonly pageSize: number;
  readonly cursor: string;
}

interface Key {
  readonly source: LogSource;
  readonly id: string;
  readonly at: string;
}

/**
 * What happened in a shop, newest first. First the page's keys, from each table's own index and merged by time; then
 * what follows them. A cursor that is not ours is the end of the list.
 */
export async function listActivity(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  filter: ActivityFilter,
  now: Date,
): Promise<{ logs: LogEntry[]; nextCursor: string }> {
  const keys = await pageOfKeys(client, merchantId, filter);
  const page = keys.slice(0, filter.pageSize);
  const last = keys.length > filter.pageSize ? page.at(-1) : undefined;
  const logs = await readLines(client, encryption, merchantId, page, now);
  return {
    logs: page.flatMap(({ id }) => logs.get(id) ?? []),
    nextCursor: last === undefined ? '' : encodeCursor(last.at, last.id),
  };
}

async function pageOfKeys(
  client: PoolClient,
  merchantId: string,
  filter: ActivityFilter,
): Promise<Key[]> {
  const values: unknown[] = [merchantId];
  const limit = `LIMIT $${values.push(filter.pageSize + 1)}`;
  const bounds: string[] = [];
  const startOf = (day: string, days: 0 | 1) =>
    `(SELECT ($${values.push(day)}::date + ${days})::timestamp AT TIME ZONE m.timezone FROM merchants m WHERE m.merchant_id = $1)`;
  if (filter.fromDay !== '') bounds.push(`x.created_at >= ${startOf(filter.fromDay, 0)}`);
  if (filter.toDay !== '') bounds.push(`x.created_at < ${startOf(filter.toDay, 1)}`);
  const members = filter.customerIds;
  const memberIds = members === undefined ? '' : `$${values.push(members)}::uuid[]`;
  const action = filter.action === '' ? '' : `x.action = $${values.push(filter.action)}`;
  let after: readonly string[] | undefined;
  if (filter.cursor !== '') {
    after = decodeCursor(filter.cursor, timePattern, uuidPattern);
    if (after === undefined) return [];
  }
  const [time, id] = (after ?? []).map((part) => `$${values.push(part)}`);
  const walks: readonly Walk[] = action === '' ? walksOf[filter.kind] : [{ source: 'change' }];
  const branches = walks.flatMap(({ source, where }) => {
    // The shop's own changes concern no member.
    if (source === 'change' && members !== undefined) return [];
    const { from, id: key } = tables[source];
    const conditions = [
      'x.merchant_id = $1',
      ...(where === undefined ? [] : [where]),
      ...(action === '' ? [] : [action]),
      ...bounds,
      ...(time === undefined
        ? []
        : [`(x.created_at, x.${key}) < (${time}::timestamptz, ${id ?? ''}::uuid)`]),
    ];
    const select = (extra: string) =>
      `(SELECT '${source}' AS source, x.${key} AS id, x.created_at AS at FROM ${from} x
        WHERE ${conditions.join(' AND ')}${extra} ORDER BY x.created_at DESC, x.${key} DESC ${limit})`;
    // Member by member, so that each is walked by their own index and none is looked for among all others.
    return members === undefined
      ? select('')
      : `SELECT one.* FROM unnest(${memberIds}) AS member (id)
         CROSS JOIN LATERAL ${select(' AND x.customer_id = member.id')} AS one`;
  });
  if (branches.length === 0) return [];
  const { rows } = await client.query<Key>(
    `SELECT k.source, k.id, ${microseconds('k.at')} AS at FROM (${branches.join('\nUNION ALL\n')}) k
     ORDER BY k.at DESC, k.id DESC ${limit}`,
    values,
  );
  return rows;
}

async function readLines(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  page: readonly Key[],
  now: Date,
): Promise<Map<string, LogEntry>> {
  const idsOf = (source: LogSource) =>
    page.filter((key) => key.source === source).map(({ id }) => id);
  const lines = new Map<string, LogEntry>();
  const put = (line: LogEntry) => lines.set(line.logId, line);
  const [entries, redemptions, tierChanges, logs] = [
    idsOf('points'),
    idsOf('reward'),
    idsOf('tier'),
    idsOf('change'),
  ];
  if (entries.length > 0) {
    const { rows } = await client.query<EntryRow & NamedRow>(
      `SELECT ${ENTRY_COLUMNS}, c.first_name, c.last_name, c.redacted_at FROM points_transactions t
       JOIN customers c ON c.merchant_id = t.merchant_id AND c.customer_id = t.customer_id
       WHERE t.merchant_id = $1 AND t.transaction_id = ANY ($2)`,
      [merchantId, entries],
    );
    for (const row of rows) {
      const entry = toEntryMessage(row);
      const about = { customerId: entry.customerId, customerName: nameOf(row) };
      put({
        ...line('points', entry.transactionId, entry.createdAt, about),
        actor: entry.actor,
        entry,
      });
    }
  }
  if (redemptions.length > 0) {
    for (const row of await readRedemptions(client, merchantId, redemptions)) {
      // The code is the member's money and no part of a log.
      const made = toRedemptionMessage({ encryption }, merchantId, row, now);
      put({
        ...line('reward', made.redemptionId, made.createdAt, made),
        redemption: { ...made, code: '' },
      });
    }
  }
  if (tierChanges.length > 0) {
    for (const change of await readTierChanges(client, encryption, merchantId, tierChanges))
      put({ ...line('tier', change.changeId, change.createdAt, change), tierChange: change });
  }
  if (logs.length > 0) for (const log of await readLogs(client, merchantId, logs)) put(log);
  return lines;

  function nameOf(row: EntryRow & NamedRow): string {
    return row.redacted_at === null
      ? decryptName(encryption, merchantId, row.customer_id, row)
      : '';
  }
}

interface NamedRow {
  first_name: Buffer | null;
  last_name: Buffer | null;
  redacted_at: Date | null;
}

function line(
  kind: LogSource,
  logId: string,
  createdAt: string,
  about: { readonly customerId: string; readonly customerName: string },
): LogEntry {
  return {
    logId,
    kind,
    createdAt,
    customerId: about.customerId,
    customerName: about.customerName,
    actor: '',
    action: '',
    targetTable: '',
    targetId: '',
    severity: 'info',
    metadata: '{}',
    targetNames: {},
    entry: undefined,
    redemption: undefined,
    tierChange: undefined,
  };
}
