import type { PoolClient } from 'pg';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { writeAudit } from '../admin/audit.store.ts';
import { addOutboxEvents } from '../admin/outbox.store.ts';
import { invalidInput, notFound } from '../server/errors.ts';
import {
  programFromConfig,
  programFromMessage,
  programIntoConfig,
  type Program,
} from './program.rules.ts';

interface StoredProgram {
  readonly program: Program;
  readonly currency: string;
  readonly updatedAt: Date | null;
}

interface Row {
  config: unknown;
  currency: string;
  updated_at: Date | null;
}

/** The tenant's programme; its defaults when nothing was saved yet. The tenant must be set on the transaction. */
export async function readProgram(
  client: PoolClient,
  merchantId: string,
  lock = false,
): Promise<StoredProgram> {
  const { rows } = await client.query<Row>(
    `SELECT s.config, m.currency, s.updated_at FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id
     WHERE m.merchant_id = $1 ${lock ? 'FOR NO KEY UPDATE OF m' : ''}`,
    [merchantId],
  );
  const row = rows[0];
  if (!row) throw notFound('merchant');
  return {
    program: programFromConfig(row.config),
    currency: row.currency,
    updatedAt: row.updated_at,
  };
}

/** Saves a programme as its next version. Past awards keep the version they were made under. */
export async function updateProgram(
  client: PoolClient,
  merchantId: string,
  actor: string,
  message: PointsProgram,
): Promise<StoredProgram> {
  const before = await readProgram(client, merchantId, true);
  const next = programFromMessage(message, before.program.version + 1);
  if ('field' in next) throw invalidInput(next.field, next.message);
  const { rows: stored } = await client.query<{ config: unknown }>(
    `SELECT config FROM program_settings WHERE merchant_id = $1`,
    [merchantId],
  );
  const { rows } = await client.query<{ updated_at: Date }>(
    `INSERT INTO program_settings (merchant_id, config) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET config = EXCLUDED.config, updated_at = now()
     RETURNING updated_at`,
    [merchantId, JSON.stringify(programIntoConfig(stored[0]?.config, next))],
  );
  await writeAudit(client, merchantId, {
    actor,
    action: 'program_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version: next.version },
  });
  await addOutboxEvents(client, merchantId, 'program.updated', [{ version: next.version }]);
  return { program: next, currency: before.currency, updatedAt: rows[0]?.updated_at ?? null };
}
