import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import { previewTiers } from './preview-tiers.ts';
import { requireRevision, restoreLadder, saveLadder, type SavedLadder } from './publish-tiers.ts';
import { listTierChanges } from './tier-changes.store.ts';
import { laddersRevision, toLadderMessage } from './tier-ladder.rules.ts';
import { readTierProgress, readTierStatus } from './tier-standing.ts';
import {
  countOutdatedMembers,
  countTierMembers,
  discardDraft,
  readLadder,
  readLadderHistory,
} from './tiers.store.ts';

type Methods = Pick<
  PointsServiceImplementation<CallerContext>,
  | 'getVipTiers'
  | 'previewVipTiers'
  | 'configureVipTiers'
  | 'discardVipTierDraft'
  | 'restoreVipTiers'
  | 'getVipTierStatus'
  | 'getVipTierProgress'
  | 'listVipTierChanges'
>;

/** The ladder of VIP tiers: edited, tried, published, restored, and where members stand on it. */
export function vipTierMethods(
  deps: Pick<CoreDependencies, 'pool' | 'clock' | 'ledger' | 'encryption' | 'blindIndex'>,
): Methods {
  const { pool, clock, ledger, encryption, blindIndex } = deps;
  const answer = ({ ladder, membersToReview }: SavedLadder) => ({
    ladder: toLadderMessage(ladder),
    membersToReview,
  });
  return {
    getVipTiers: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const published = await readLadder(client, merchantId, 'published');
        const draft = await readLadder(client, merchantId, 'draft');
        const counts = await countTierMembers(client, merchantId);
        const { rows } = await client.query<{ currency: string }>(
          'SELECT currency FROM merchants WHERE merchant_id = $1',
          [merchantId],
        );
        return {
          published: published && toLadderMessage(published, counts.byTier),
          draft: draft && toLadderMessage(draft, counts.byTier),
          history: (await readLadderHistory(client, merchantId)).map((ladder) =>
            toLadderMessage(ladder),
          ),
          currency: rows[0]?.currency ?? '',
          membersWithoutTier: counts.withoutTier,
          membersToReview:
            published === undefined
              ? 0
              : await countOutdatedMembers(client, merchantId, published.version),
          membersInGrace: counts.inGrace,
          revision: laddersRevision(draft, published),
        };
      }),

    previewVipTiers: (request, context) =>
      withTenant(pool, tenantOf(context), (client) => {
        const { ladder, direction } = request;
        if (ladder === undefined) throw invalidInput('ladder', 'is missing');
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        const question = { ladder, direction, pageSize, cursor };
        return previewTiers(client, encryption, tenantOf(context), question, clock());
      }),

    configureVipTiers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        if (request.ladder === undefined) throw invalidInput('ladder', 'is missing');
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const publishing = { client, merchantId, actor, now: clock(), ledger, blindIndex };
        return answer(await saveLadder(publishing, request.ladder, request));
      }),

    discardVipTierDraft: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        await requireRevision(client, merchantId, request.revision);
        if (await discardDraft(client, merchantId)) {
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: 'vip_tier_draft_discarded',
            targetTable: 'vip_tier_sets',
            targetId: 'draft',
          });
        }
        return {};
      }),

    restoreVipTiers: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const publishing = { client, merchantId, actor, now: clock(), ledger, blindIndex };
        return answer(await restoreLadder(publishing, request));
      }),

    getVipTierStatus: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        readTierStatus(client, tenantOf(context), request.customerId, clock()),
      ),

    getVipTierProgress: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        readTierProgress(client, tenantOf(context), request.customerId, clock()),
      ),

    listVipTierChanges: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        listTierChanges(client, encryption, tenantOf(context), {
          customerId: request.customerId,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        }),
      ),
  };
}
