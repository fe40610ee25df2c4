import type { PoolClient } from 'pg';
import type { AnalyticsServiceImplementation } from '#proto/analytics/v1/analytics.ts';
import type {
  GetRFMScoreResponse,
  GetSegmentsResponse,
  Segment,
  UpdateRFMConfigRequest,
  UpdateRFMConfigResponse,
} from '#proto/analytics/v1/rfm.ts';
import type { TenantReader } from '../database/tenant-reader.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { asTenant } from '../call/as-tenant.ts';
import { tenantOf } from '../call/context.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { problemOfConfig } from './rfm-config.rules.ts';
import type { RfmConfig } from './rfm-config.rules.ts';
import {
  configFromMessage,
  toAovMessage,
  toConfigMessage,
  toScoreMessage,
  toSegments,
} from './rfm-messages.ts';
import type { ConfigRequest } from './rfm-messages.ts';
import { cellsOf, daysSince, isFlaggedAtRisk, isIdle } from './rfm.rules.ts';
import { readRfmSettings, saveRfmConfig } from './rfm.store.ts';
import type { RfmSettings } from './rfm.store.ts';
import { askForFullPass, lookAtAov, scoringBy } from './score-members.ts';
import { countCells } from './score.store.ts';
import { scoreOf, standingOf } from './standing.ts';
import { readHistory, readSegmentCounts, readSegments } from './standing.store.ts';

type Methods = Pick<
  AnalyticsServiceImplementation<CallerContext>,
  | 'getSegments'
  | 'getRFMConfig'
  | 'updateRFMConfig'
  | 'previewRFMSegments'
  | 'getRFMScore'
  | 'getScoreHistory'
  | 'recalculateMerchant'
>;

/** Segments and the thresholds they follow from, and the score of each member. */
export function rfmMethods(
  deps: Pick<CoreDependencies, 'pool' | 'reader' | 'ledger' | 'blindIndex' | 'clock' | 'logger'>,
): Methods {
  const { pool, reader, clock } = deps;
  return {
    getSegments: (_request, context) => segmentsOf(reader, tenantOf(context)),

    getRFMConfig: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const settings = await settingsOf(client, merchantId);
        const aov = await lookAtAov(client, merchantId, settings, clock());
        return { config: toConfigMessage(settings.config, aov, settings) };
      }),

    updateRFMConfig: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        updateConfig(client, merchantId, context.caller.actor, request, clock),
      ),

    previewRFMSegments: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const settings = await settingsOf(client, merchantId);
        const aov = await lookAtAov(client, merchantId, settings, clock());
        const config = configOf(request, '', 0, aov.aov);
        const scoring = scoringBy(config, aov, settings.currency, clock(), 'config');
        const cells = await countCells(client, merchantId, scoring);
        return {
          segments: segmentsOfCells(config, cells),
          members: cells.reduce((sum, cell) => sum + cell.members, 0),
        };
      }),

    getRFMScore: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        readScore(client, merchantId, request.customerId, clock),
      ),

    getScoreHistory: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await standingOf(client, merchantId, request.customerId);
        const page = request.page ?? { pageSize: 50, cursor: '' };
        const { rows, nextCursor } = await readHistory(
          client,
          merchantId,
          request.customerId,
          page,
        );
        return {
          history: rows.map((row) => ({
            score: toScoreMessage(row.rfm_score),
            segmentIds: row.segment_ids,
            lifecycleStage: row.lifecycle_stage ?? '',
            trigger: row.trigger,
            createdAt: row.created_at.toISOString(),
          })),
          page: { nextCursor, total: -1 },
        };
      }),

    recalculateMerchant: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await settingsOf(client, merchantId);
        await askForFullPass(client, merchantId, 'manual');
        return { jobId: `rescore-${merchantId}` };
      }),
  };
}

/** By the thresholds as they were just saved; counts change once a night, and may come from a replica. */
async function segmentsOf(reader: TenantReader, merchantId: string): Promise<GetSegmentsResponse> {
  const [config, { counts, countedAt }] = await reader.readBoth(merchantId, {
    now: async (client) => (await settingsOf(client, merchantId)).config,
    old: readSegmentCounts,
    atOnce: async (primary) => {
      const found = await readSegments(primary, merchantId);
      if (found === undefined) throw notFound('merchant');
      return [found.config, found.counted];
    },
  });
  return { segments: toSegments(config, counts), countedAt: countedAt?.toISOString() ?? '' };
}

/** Saves thresholds, asks for all members to be scored by them, and returns what will change. */
async function updateConfig(
  client: PoolClient,
  merchantId: string,
  actor: string,
  request: UpdateRFMConfigRequest,
  clock: () => Date,
): Promise<UpdateRFMConfigResponse> {
  const settings = await settingsOf(client, merchantId, true);
  const aov = await lookAtAov(client, merchantId, settings, clock());
  const version = settings.config.version + 1;
  const config = configOf(request, request.industry, version, aov.aov);
  await saveRfmConfig(client, merchantId, config);
  await writeAudit(client, merchantId, {
    actor,
    action: 'rfm_config_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version },
  });
  await askForFullPass(client, merchantId, 'config');
  const scoring = scoringBy(config, aov, settings.currency, clock(), 'config');
  const cells = await countCells(client, merchantId, scoring);
  return {
    config: toConfigMessage(config, aov, settings),
    preview: segmentsOfCells(config, cells),
  };
}

/** A member's score, with what it comes from. */
async function readScore(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  clock: () => Date,
): Promise<GetRFMScoreResponse> {
  const standing = await standingOf(client, merchantId, customerId);
  const settings = await settingsOf(client, merchantId);
  const aov = await lookAtAov(client, merchantId, settings, clock());
  const days = daysSince(standing.last_order_at, clock());
  return {
    ...scoreOf(standing),
    orderCount: standing.order_count,
    totalSpend: { amount: standing.total_spend, currency: settings.currency },
    lastOrderAt: standing.last_order_at?.toISOString() ?? '',
    daysSinceLastOrder: days ?? -1,
    averageOrderValue: toAovMessage(aov, settings.currency),
    atRisk:
      standing.segment_ids !== null && isFlaggedAtRisk(Math.round(standing.rfm_score.score * 10)),
    idle: isIdle(days),
  };
}

async function settingsOf(
  client: PoolClient,
  merchantId: string,
  lock = false,
): Promise<RfmSettings> {
  const settings = await readRfmSettings(client, merchantId, lock);
  if (settings === undefined) throw notFound('merchant');
  return settings;
}

/** @throws DomainError invalid_input naming the field, which the app shows as RFM_CONFIG_INVALID */
function configOf(
  request: ConfigRequest,
  industry: string,
  version: number,
  aov: bigint,
): RfmConfig {
  const config = configFromMessage(request, industry, version);
  const problem = 'field' in config ? config : problemOfConfig(config, aov);
  if (problem !== undefined) {
    const { field, message } = problem;
    throw invalidInput(field.startsWith('segments') ? field : `thresholds.${field}`, message);
  }
  return config as RfmConfig;
}

function segmentsOfCells(
  config: RfmConfig,
  counted: Awaited<ReturnType<typeof countCells>>,
): Segment[] {
  const members = new Map(
    counted.map((cell) => [`${cell.recency}${cell.frequency}${cell.monetary}`, cell.members]),
  );
  const counts = new Map<string, number>();
  for (const cell of cellsOf(config)) {
    const count = members.get(`${cell.recency}${cell.frequency}${cell.monetary}`) ?? 0;
    for (const id of cell.segmentIds) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return toSegments(config, counts);
}
