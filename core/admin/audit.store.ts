import type { LogEntry } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../ledger/index.ts';
import { keysetPage } from './keyset.ts';

export interface AuditRecord {
  /** staff:<id> | admin:<id> | customer:<id> | system */
  readonly actor: string;
  /** What was done, as a past tense in snake case: settings_updated. */
  readonly action: string;
  readonly targetTable: string;
  readonly targetId: string;
  readonly severity?: 'info' | 'warning' | 'critical';
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
 * @param adminId who did it; null: a command, or nobody who is known
 */
export async function writePlatformAudit(
  on: Queryable,
  adminId: string | null,
  record: Omit<AuditRecord, 'actor'>,
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
}

/** The tenant's log, newest first. */
export async function listLogs(
  on: Queryable,
  merchantId: string,
  filter: { readonly action: string; readonly pageSize: number; readonly cursor: string },
): Promise<{ logs: LogEntry[]; nextCursor: string }> {
  const values: unknown[] = [merchantId];
  const where = ['a.merchant_id = $1'];
  if (filter.action !== '') where.push(`a.action = $${values.push(filter.action)}`);
  const { rows, nextCursor } = await keysetPage<LogRow>(on, {
    select: `SELECT a.log_id, a.action, a.target_table, a.target_id, a.severity, a.created_at, a.metadata FROM audit_logs a`,
    where,
    values,
    time: 'a.created_at',
    id: 'a.log_id',
    idOf: (row) => row.log_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
  return { logs: rows.map(toLogMessage), nextCursor };
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
  };
}
