import type { PoolClient } from 'pg';
import type { SetupTask } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import { PROGRAM_CONFIG_SQL, programFromConfig } from '../program/program.rules.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { detectedTasks, stageOf } from './setup.rules.ts';
import { SETUP_TASKS } from '#vocabulary/shops.ts';

/** Also for shops that were installed before there was this step. */
export async function insertSetupTasks(on: Queryable, merchantId: string): Promise<void> {
  await on.query(
    `INSERT INTO onboarding_tasks (merchant_id, task_name, position)
     SELECT $1, t.name, t.position FROM unnest($2::text[]) WITH ORDINALITY AS t(name, position)
     ON CONFLICT DO NOTHING`,
    [merchantId, SETUP_TASKS],
  );
}

async function readSetupTasks(on: Queryable, merchantId: string): Promise<SetupTask[]> {
  const { rows } = await on.query<{ task_name: string; status: string; completed_at: Date | null }>(
    `SELECT o.task_name, o.status, o.completed_at FROM onboarding_tasks o
     WHERE o.merchant_id = $1 AND o.task_name = ANY ($2) ORDER BY o.position`,
    [merchantId, SETUP_TASKS],
  );
  return rows.map((row) => ({
    task: row.task_name,
    status: row.status,
    completedAt: row.completed_at?.toISOString() ?? '',
  }));
}

/** Marks a step manually. @returns false when there is no such step */
export async function setSetupTask(
  on: Queryable,
  merchantId: string,
  task: string,
  status: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE onboarding_tasks SET status = $3,
       completed_at = CASE WHEN $3 = 'completed' THEN coalesce(completed_at, $4) END
     WHERE merchant_id = $1 AND task_name = $2 AND task_name = ANY ($5)`,
    [merchantId, task, status, at, SETUP_TASKS],
  );
  return rowCount === 1;
}

interface FactsRow {
  config: unknown;
  active_rewards: number;
  is_widget_seen: boolean;
}

async function readFacts(on: Queryable, merchantId: string) {
  const { rows } = await on.query<FactsRow>(
    `SELECT ${PROGRAM_CONFIG_SQL} AS config, s.setup_progress ? 'widget_seen_at' AS is_widget_seen,
       (SELECT count(*) FROM rewards r WHERE r.merchant_id = $1 AND r.status = 'active') AS active_rewards
     FROM program_settings s WHERE s.merchant_id = $1`,
    [merchantId],
  );
  const program = programFromConfig(rows[0]?.config);
  return {
    isProgramActive: program.isActive,
    // The first version is the default, which no merchant has saved.
    areRulesSaved: program.version > 1,
    activeRewards: rows[0]?.active_rewards ?? 0,
    isWidgetSeen: rows[0]?.is_widget_seen ?? false,
  };
}

/** The steps, after those that complete automatically have been marked and reported. */
export async function advanceSetup(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<SetupTask[]> {
  let tasks = await readSetupTasks(client, merchantId);
  if (tasks.length < SETUP_TASKS.length) {
    await insertSetupTasks(client, merchantId);
    tasks = await readSetupTasks(client, merchantId);
  }
  if (stageOf(tasks) === 'completed') return tasks;
  const detected = detectedTasks(tasks, await readFacts(client, merchantId));
  if (detected.length === 0) return tasks;
  for (const task of detected) await setSetupTask(client, merchantId, task, 'completed', now);
  return tellSetup(client, merchantId, detected, now);
}

/** Stores the setup's progress beside the shop's program, and writes one event for each step done and one for the end. */
export async function tellSetup(
  client: PoolClient,
  merchantId: string,
  done: readonly string[],
  now: Date,
): Promise<SetupTask[]> {
  const tasks = await readSetupTasks(client, merchantId);
  const isDone = Object.fromEntries(
    tasks.map(({ task, status }) => [task, status === 'completed']),
  );
  await client.query(
    `UPDATE program_settings SET setup_progress = setup_progress || jsonb_build_object('tasks', $2::jsonb)
     WHERE merchant_id = $1`,
    [merchantId, JSON.stringify(isDone)],
  );
  await addOutboxEvents(
    client,
    merchantId,
    'setup.task_completed',
    done.map((task) => ({ task })),
  );
  const stage = stageOf(tasks);
  const isCompleted = stage === 'completed';
  if (stage !== 'open' && (await markOnce(client, merchantId, 'over_at', now)))
    await addOutboxEvents(client, merchantId, 'onboarding.completed', [
      { skipped: tasks.filter(({ status }) => status === 'skipped').length },
    ]);
  if (isCompleted && (await markOnce(client, merchantId, 'completed_at', now)))
    await addOutboxEvents(client, merchantId, 'setup.completed', [{ tasks: tasks.length }]);
  return tasks;
}

/** Notes that the storefront has asked: the embed or a block is switched on. */
export async function markWidgetSeen(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<void> {
  await markOnce(client, merchantId, 'widget_seen_at', now);
}

async function markOnce(
  client: PoolClient,
  merchantId: string,
  mark: 'widget_seen_at' | 'over_at' | 'completed_at',
  now: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE program_settings SET setup_progress = setup_progress || jsonb_build_object($2::text, $3::text)
     WHERE merchant_id = $1 AND NOT setup_progress ? $2`,
    [merchantId, mark, now.toISOString()],
  );
  return rowCount === 1;
}
