import type { LogEntry } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import type {
  LedgerAction,
  LogSeverity,
  PlatformAction,
  ShopAction,
} from '#vocabulary/activity.ts';

export interface AuditRecord {
  /** staff:<id> | admin:<id> | customer:<id> | system */
  readonly actor: string;
  readonly action: ShopAction | LedgerAction;
  readonly targetTable: string;
  readonly targetId: string;
  readonly severity?: LogSeverity;
  /** Without personal data. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Writes a line of the tenant's log; the database chains it to the line before by hash. */
export async function writeAudit(
  on: Queryable,
  merchantId: string,
  record: AuditRecord,
): Promise<void> {
  await on.query(
    `INSERT INTO audit_logs (merchant_id, action, target_table, target_id, severity, metadata)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      merchantId,
      record.action,
      record.targetTable,
      record.targetId,
      record.severity ?? 'info',
      JSON.stringify({ ...record.metadata, actor: record.actor }),
    ],
  );
}

/**
 * Writes a line of the platform's own log (`onPlatform`), chained as a tenant's is.
 * @param adminId who did it; null: a command, or an unknown person
 */
export async function writePlatformAudit(
  on: Queryable,
  adminId: string | null,
  record: Omit<AuditRecord, 'actor' | 'action'> & { readonly action: PlatformAction },
): Promise<void> {
  await on.query(
    `INSERT INTO audit_logs (actor_id, action, target_table, target_id, severity, metadata)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      adminId,
      record.action,
      record.targetTable,
      record.targetId,
      record.severity ?? 'info',
      JSON.stringify({
        ...record.metadata,
        actor: adminId === null ? 'system' : `admin:${adminId}`,
      }),
    ],
  );
}

interface LogRow {
  log_id: string;
  action: string;
  target_table: string | null;
  target_id: string | null;
  severity: string;
  created_at: Date;
  metadata: Record<string, unknown>;
  target_names: Record<string, string> | null;
}

/** Lines of the tenant's log by their ids, in no order. */
export async function readLogs(
  on: Queryable,
  merchantId: string,
  logIds: readonly string[],
): Promise<LogEntry[]> {
  const { rows } = await on.query<LogRow>(
    `SELECT a.log_id, a.action, a.target_table, a.target_id, a.severity, a.created_at, a.metadata,
       coalesce(
         (SELECT r.title FROM rewards r
          WHERE a.target_table = 'rewards' AND r.merchant_id = $1 AND r.reward_id::text = a.target_id),
         (SELECT jsonb_build_object('en', c.name) FROM bonus_campaigns c
          WHERE a.target_table = 'bonus_campaigns' AND c.merchant_id = $1 AND c.campaign_id::text = a.target_id)
       ) AS target_names
     FROM audit_logs a WHERE a.merchant_id = $1 AND a.log_id = ANY ($2)`,
    [merchantId, logIds],
  );
  return rows.map(toLogMessage);
}

function toLogMessage(row: LogRow): LogEntry {
  const { actor, ...metadata } = row.metadata;
  return {
    logId: row.log_id,
    actor: typeof actor === 'string' ? actor : '',
    action: row.action,
    targetTable: row.target_table ?? '',
    targetId: row.target_id ?? '',
    severity: row.severity,
    createdAt: row.created_at.toISOString(),
    metadata: JSON.stringify(metadata),
    kind: 'change',
    customerId: '',
    customerName: '',
    targetNames: { ...row.target_names },
    entry: undefined,
    redemption: undefined,
    tierChange: undefined,
  };
}
