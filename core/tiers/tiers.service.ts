import type { PoolClient } from 'pg';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import type { GetVipTiersResponse } from '#proto/points/v1/tiers.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import { previewTiers } from './preview-tiers.ts';
import {
  requireRevision,
  restoreTierSet,
  saveTierSet,
  type SavedTierSet,
} from './publish-tiers.ts';
import { listTierChanges } from './tier-changes.store.ts';
import { tierSetsRevision, toTierSetMessage } from './tier-set.rules.ts';
import { readTierProgress, readTierStatus } from './tier-standing.ts';
import { discardDraft, readTierSet, readTierSetHistory } from './tier-sets.store.ts';
import { countOutdatedMembers, countTierMembers, readTierCurrency } from './tiers.store.ts';

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

/** VIP tiers: edited, previewed, published and restored, and the tier of each member. */
export function vipTierMethods(
  deps: Pick<CoreDependencies, 'pool' | 'clock' | 'ledger' | 'encryption' | 'blindIndex'>,
): Methods {
  const { pool, clock, ledger, encryption, blindIndex } = deps;
  const publishingOf = (client: PoolClient, merchantId: string, { caller }: CallerContext) => ({
    client,
    merchantId,
    actor: caller.actor,
    now: clock(),
    ledger,
    blindIndex,
  });
  return {
    getVipTiers: (_request, context) => asTenant(pool, context, readTierSets),

    previewVipTiers: (request, context) =>
      asTenant(pool, context, (client, merchantId) => {
        const { tierSet, direction } = request;
        if (tierSet === undefined) throw invalidInput('tier_set', 'is missing');
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        const question = { tierSet, direction, pageSize, cursor };
        return previewTiers(client, encryption, merchantId, question, clock());
      }),

    configureVipTiers: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        if (request.tierSet === undefined) throw invalidInput('tier_set', 'is missing');
        const publishing = publishingOf(client, merchantId, context);
        return answer(await saveTierSet(publishing, request.tierSet, request));
      }),

    discardVipTierDraft: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
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
      asTenant(pool, context, async (client, merchantId) =>
        answer(await restoreTierSet(publishingOf(client, merchantId, context), request)),
      ),

    getVipTierStatus: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        readTierStatus(client, merchantId, request.customerId, clock()),
      ),

    getVipTierProgress: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        readTierProgress(client, merchantId, request.customerId, clock()),
      ),

    listVipTierChanges: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        listTierChanges(client, encryption, merchantId, {
          customerId: request.customerId,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        }),
      ),
  };
}

const answer = ({ tierSet, membersToReview }: SavedTierSet) => ({
  tierSet: toTierSetMessage(tierSet),
  membersToReview,
});

/** The tiers in force, the draft, earlier versions, and how many members each tier has. */
async function readTierSets(client: PoolClient, merchantId: string): Promise<GetVipTiersResponse> {
  const published = await readTierSet(client, merchantId, 'published');
  const draft = await readTierSet(client, merchantId, 'draft');
  const counts = await countTierMembers(client, merchantId);
  const currency = await readTierCurrency(client, merchantId);
  const history = await readTierSetHistory(client, merchantId);
  return {
    published: published && toTierSetMessage(published, counts.byTier),
    draft: draft && toTierSetMessage(draft, counts.byTier),
    history: history.map((tierSet) => toTierSetMessage(tierSet)),
    currency,
    membersWithoutTier: counts.withoutTier,
    membersToReview:
      published === undefined
        ? 0
        : await countOutdatedMembers(client, merchantId, published.version),
    membersInGrace: counts.inGrace,
    revision: tierSetsRevision(draft, published),
  };
}
