import type { PoolClient } from 'pg';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import { toJson, type StoredJson } from '../database/prisma-client.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { versionsIn } from '../shared/versions.store.ts';
import { requireTiers as requireKnownTiers } from '../members/known-tiers.store.ts';
import { multipliersIntoJson } from './earning-config.rules.ts';
import {
  PROGRAM_CONFIG_SQL,
  programFromConfig,
  programFromMessage,
  programIntoConfig,
  type Program,
} from './program.rules.ts';
import { ACTIONS } from '#vocabulary/earning.ts';

/** The rules as they were. */
export const programVersions = versionsIn<{
  readonly config: StoredJson;
  readonly dynamicMultipliers: StoredJson;
}>({
  list: (tx, query) => tx.programVersion.findMany(query),
  find: (tx, key) => tx.programVersion.findUnique({ where: { merchantId_version: key } }),
  insert: (tx, row) => tx.programVersion.createMany({ data: row, skipDuplicates: true }),
});

interface StoredProgram {
  readonly program: Program;
  readonly currency: string;
  readonly timezone: string;
  readonly updatedAt: Date | null;
}

interface Row {
  config: unknown;
  currency: string;
  timezone: string;
  updated_at: Date | null;
}

/** The tenant's program; its defaults when nothing was saved yet. The tenant must be set on the transaction. */
export async function readProgram(
  client: PoolClient,
  merchantId: string,
  lock = false,
): Promise<StoredProgram> {
  if (lock) await lockTenant(client, merchantId);
  const { rows } = await client.query<Row>(
    `SELECT ${PROGRAM_CONFIG_SQL} AS config, m.currency, m.timezone, s.updated_at FROM merchants m
     LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id
     WHERE m.merchant_id = $1`,
    [merchantId],
  );
  const row = rows[0];
  if (!row) throw notFound('merchant');
  return {
    program: programFromConfig(row.config),
    currency: row.currency,
    timezone: row.timezone,
    updatedAt: row.updated_at,
  };
}

/** Saves a program as its next version. Past awards keep the version they were made under. */
export async function updateProgram(
  client: PoolClient,
  merchantId: string,
  actor: string,
  message: PointsProgram,
  now: Date,
): Promise<StoredProgram> {
  const before = await readProgram(client, merchantId, true);
  const next = programFromMessage(message, before.program, now);
  if (!('field' in next)) await requireTiers(client, merchantId, next);
  const step = stepOfEdit({
    opened: message.version === 0 ? '' : String(message.version),
    current: String(before.program.version),
    wanted:
      'field' in next || !isSame(next, before.program) ? undefined : String(before.program.version),
  });
  if (step === 'saved') return before;
  if ('field' in next) throw invalidInput(next.field, next.message);
  const updatedAt = await saveVersion(client, merchantId, actor, before.program, next, null);
  await writeAudit(client, merchantId, {
    actor,
    action: 'program_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version: next.version },
  });
  return { ...before, program: next, updatedAt };
}

const isSame = (one: Program, other: Program): boolean =>
  revisionOf({ ...one, version: 0 }) === revisionOf({ ...other, version: 0 });

/**
 * Takes up the rules of an earlier version as the next one.
 * @param opened the version that was in force when it was asked for; 0: whichever is
 */
export async function restoreProgram(
  client: PoolClient,
  merchantId: string,
  actor: string,
  { version, opened }: { readonly version: number; readonly opened: number },
): Promise<Program> {
  const { program: before } = await readProgram(client, merchantId, true);
  stepOfEdit({
    opened: opened === 0 ? '' : String(opened),
    current: String(before.version),
    wanted: undefined,
  });
  const kept = await programVersions.read(client, merchantId, version);
  const config = { ...jsonObject(kept.config), dynamic_multipliers: kept.dynamicMultipliers };
  const next = { ...programFromConfig(config), version: before.version + 1 };
  await saveVersion(client, merchantId, actor, before, next, version);
  await writeAudit(client, merchantId, {
    actor,
    action: 'program_restored',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version: next.version, restored_version: version },
  });
  return next;
}

async function saveVersion(
  client: PoolClient,
  merchantId: string,
  actor: string,
  before: Program,
  next: Program,
  restored: number | null,
): Promise<Date | null> {
  const { rows: stored } = await client.query<{ config: unknown; dynamic_multipliers: unknown }>(
    `SELECT config, dynamic_multipliers FROM program_settings WHERE merchant_id = $1`,
    [merchantId],
  );
  const { rows } = await client.query<{ updated_at: Date }>(
    `INSERT INTO program_settings (merchant_id, config, dynamic_multipliers) VALUES ($1, $2, $3)
     ON CONFLICT (merchant_id) DO UPDATE SET config = EXCLUDED.config,
       dynamic_multipliers = EXCLUDED.dynamic_multipliers, updated_at = now()
     RETURNING updated_at`,
    [
      merchantId,
      JSON.stringify(programIntoConfig(stored[0]?.config, next)),
      JSON.stringify(multipliersIntoJson(stored[0]?.dynamic_multipliers, next.earning)),
    ],
  );
  await programVersions.keepChange(client, merchantId, actor, {
    before: keptVersion(before),
    next: keptVersion(next),
    restored,
  });
  await addOutboxEvents(client, merchantId, 'program.updated', [{ version: next.version }]);
  return rows[0]?.updated_at ?? null;
}

/** The rules as they are kept, beside other settings that are not theirs. */
const keptVersion = (program: Program) => ({
  version: program.version,
  kept: {
    config: toJson(programIntoConfig({}, program)),
    dynamicMultipliers: toJson(multipliersIntoJson({}, program.earning)),
  },
});

/** A rule for a tier that is not the shop's would apply to no member. */
export async function requireTiers(
  client: PoolClient,
  merchantId: string,
  program: Program,
): Promise<void> {
  const asked = new Set(
    ACTIONS.flatMap((name) => program.earning.actions[name].conditions.tierIds),
  );
  const field = 'program.earning.actions.conditions.tier_ids';
  await requireKnownTiers(client, merchantId, [...asked], field);
}
