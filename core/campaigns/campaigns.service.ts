import type { PoolClient } from 'pg';
import type { Campaign as CampaignMessage, CampaignDraft } from '#proto/points/v1/campaigns.ts';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { idOfKey } from '../shared/id-of-key.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { domainErrorOf, invalidInput, notFound } from '../shared/errors.ts';
import { preview } from './campaign-preview.ts';
import { campaignRevision, toCampaignMessage } from './campaign-message.rules.ts';
import {
  CAMPAIGN_LIMITS,
  conditionsIntoJson,
  planFromDraft,
  statusAt,
  type CampaignPlan,
} from './campaign.rules.ts';
import {
  advanceCampaigns,
  announceCampaigns,
  areTooManyOpen,
  findDueTenants,
  findLifecycleCampaign,
  insertCampaign,
  listCampaigns,
  readCampaign,
  readCampaignShop,
  readResults,
  unknownTiers,
  updateCampaign,
  type StoredCampaign,
} from './campaigns.store.ts';
import { withdrawCampaignGifts } from '../rewards/gifts.store.ts';
import type { ShopAction } from '#vocabulary/activity.ts';

type Methods = Pick<
  PointsServiceImplementation<CallerContext>,
  | 'createCampaign'
  | 'updateCampaign'
  | 'cancelCampaign'
  | 'getCampaign'
  | 'listCampaigns'
  | 'previewCampaign'
  | 'upsertLifecycleCampaign'
  | 'advanceCampaigns'
>;

const SHOPS_PER_CALL = 100;

export function campaignMethods({ pool, clock, logger }: CoreDependencies): Methods {
  /** Shops whose campaigns failed to advance: they must not stand before the others each time. */
  const stuck = new Set<string>();
  const asTenant = <T>(
    context: CallerContext,
    work: (client: PoolClient, merchantId: string) => Promise<T>,
  ) => withTenant(pool, tenantOf(context), (client) => work(client, tenantOf(context)));

  return {
    createCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const shop = await readCampaignShop(client, merchantId, true);
        const plan = await checked(client, merchantId, request.campaign, { ...shop, now: clock() });
        const campaignId = idOfKey(merchantId, request.idempotencyKey);
        if (await insertCampaign(client, merchantId, campaignId, plan))
          await record(client, merchantId, context, campaignId, plan, 'campaign_created');
        return { campaign: await message(client, merchantId, campaignId) };
      }),

    updateCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const shop = await readCampaignShop(client, merchantId, true);
        const { campaign: before } = await existing(client, merchantId, request.campaignId, true);
        const drafted = { ...shop, now: clock(), before };
        await requireTiers(client, merchantId, request.campaign?.conditions?.tierIds ?? []);
        const opened = request.revision;
        const current = campaignRevision(before);
        const wanted = wantedRevision(request.campaign, drafted);
        if (stepOfEdit({ opened, current, wanted }) === 'saved')
          return { campaign: await message(client, merchantId, request.campaignId) };
        const plan = await checked(client, merchantId, request.campaign, drafted);
        await updateCampaign(client, merchantId, request.campaignId, plan);
        await record(client, merchantId, context, request.campaignId, plan, 'campaign_updated');
        return { campaign: await message(client, merchantId, request.campaignId) };
      }),

    cancelCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const now = clock();
        const { campaign } = await existing(client, merchantId, request.campaignId, true);
        const status = statusAt(campaign, now);
        if (status !== 'ended' && status !== 'cancelled') {
          // What was bought while it ran keeps what was promised: it ends, and is not undone.
          const plan: CampaignPlan =
            status === 'active'
              ? { ...campaign, status: 'ended', endsAt: now }
              : { ...campaign, status: 'cancelled' };
          await updateCampaign(client, merchantId, request.campaignId, plan);
          const action = status === 'active' ? 'campaign_ended' : 'campaign_cancelled';
          await record(client, merchantId, context, request.campaignId, plan, action);
          await withdrawCampaignGifts(client, merchantId, [request.campaignId], now);
        }
        return { campaign: await message(client, merchantId, request.campaignId) };
      }),

    getCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => ({
        campaign: await message(client, merchantId, request.campaignId),
      })),

    listCampaigns: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const now = clock();
        const shop = await readCampaignShop(client, merchantId);
        const { campaigns, nextCursor } = await listCampaigns(client, merchantId, {
          status: request.status,
          now,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        });
        const ids = campaigns.map(({ campaign }) => campaign.campaignId);
        const results = await readResults(client, merchantId, ids);
        return {
          campaigns: campaigns.map(({ campaign, createdAt, updatedAt }) =>
            toCampaignMessage(campaign, {
              ...shop,
              now,
              createdAt,
              updatedAt,
              results: results.get(campaign.campaignId),
            }),
          ),
          page: { nextCursor, total: -1 },
        };
      }),

    previewCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const now = clock();
        const shop = await readCampaignShop(client, merchantId);
        // What is not filled in yet, or of no account here, must not stand in the way.
        const asked = {
          name: '…',
          translations: {},
          published: true,
          startLocal: '',
          endLocal: '',
        };
        const timeless = request.campaign && { ...request.campaign, ...asked };
        const plan = await checked(client, merchantId, timeless, { ...shop, now });
        return preview(client, merchantId, plan, now);
      }),

    upsertLifecycleCampaign: (request, context) =>
      asTenant(context, async (client, merchantId) => {
        const now = clock();
        const shop = await readCampaignShop(client, merchantId, true);
        const trigger = request.conditions?.trigger ?? '';
        const segment = request.conditions?.segment ?? '';
        const found = await findLifecycleCampaign(client, merchantId, trigger, segment, now);
        const name = request.name || [trigger, segment].filter((part) => part !== '').join(': ');
        const draft: CampaignDraft = {
          name,
          // They are of that name: under another one they would say something else.
          translations: found?.campaign.name === name ? { ...found.campaign.translations } : {},
          type: 'lifecycle',
          published: true,
          multiplier: '',
          startLocal: '',
          endLocal: '',
          conditions: request.conditions,
          rewardPoints: request.rewardPoints,
          discount: undefined,
        };
        const plan = await checked(client, merchantId, draft, { ...shop, now });
        // One that has begun keeps its promise until now; what is new is another campaign, from now on.
        const isBegun = found !== undefined && statusAt(found.campaign, now) === 'active';
        const campaignId =
          found && !isBegun
            ? found.campaign.campaignId
            : idOfKey(merchantId, `lifecycle/${trigger}/${segment}/${now.toISOString()}`);
        if (isBegun) {
          if (isSamePromise(found.campaign, plan))
            return { campaign: await message(client, merchantId, found.campaign.campaignId) };
          const ended: CampaignPlan = { ...found.campaign, status: 'ended', endsAt: now };
          await updateCampaign(client, merchantId, found.campaign.campaignId, ended);
          const replaced = found.campaign.campaignId;
          await record(client, merchantId, context, replaced, ended, 'campaign_ended');
        }
        if (found && !isBegun) await updateCampaign(client, merchantId, campaignId, plan);
        else await insertCampaign(client, merchantId, campaignId, plan);
        const action = found && !isBegun ? 'campaign_updated' : 'campaign_created';
        await record(client, merchantId, context, campaignId, plan, action);
        return { campaign: await message(client, merchantId, campaignId) };
      }),

    async advanceCampaigns(request) {
      const limit = request.limit || SHOPS_PER_CALL;
      const now = clock();
      const due = await findDueTenants(pool, now, limit + stuck.size);
      const tenants = due.filter((merchantId) => !stuck.has(merchantId)).slice(0, limit);
      // Shops that failed are tried again when nobody else waits.
      if (tenants.length < limit) stuck.clear();
      let advanced = 0;
      for (const merchantId of tenants) {
        try {
          advanced += await withTenant(
            pool,
            merchantId,
            async (client) => (await advanceCampaigns(client, merchantId, now)).length,
          );
        } catch (error) {
          if (domainErrorOf(error)?.code === 'unavailable') throw error;
          stuck.add(merchantId);
          logger.error({ merchantId, err: error }, 'the campaigns of a shop do not advance');
        }
      }
      return { advanced, more: tenants.length === limit };
    },
  };

  async function existing(
    client: PoolClient,
    merchantId: string,
    campaignId: string,
    lock = false,
  ): Promise<StoredCampaign> {
    const found = await readCampaign(client, merchantId, campaignId, lock ? 'FOR UPDATE' : '');
    if (!found) throw notFound('campaign_id');
    return found;
  }

  async function message(
    client: PoolClient,
    merchantId: string,
    campaignId: string,
  ): Promise<CampaignMessage> {
    const { campaign, createdAt, updatedAt } = await existing(client, merchantId, campaignId);
    const shop = await readCampaignShop(client, merchantId);
    const results = (await readResults(client, merchantId, [campaignId])).get(campaignId);
    return toCampaignMessage(campaign, { ...shop, now: clock(), createdAt, updatedAt, results });
  }

  async function record(
    client: PoolClient,
    merchantId: string,
    context: CallerContext,
    campaignId: string,
    plan: CampaignPlan,
    action: ShopAction,
  ): Promise<void> {
    if (await areTooManyOpen(client, merchantId, clock()))
      throw invalidInput(
        'campaign.published',
        `at most ${CAMPAIGN_LIMITS.maxOpen} campaigns may be open at once`,
      );
    await writeAudit(client, merchantId, {
      actor: context.caller.actor,
      action,
      targetTable: 'bonus_campaigns',
      targetId: campaignId,
      metadata: { type: plan.type, status: plan.status },
    });
    await announceCampaigns(client, merchantId, [
      { ...plan, campaignId, isNew: action === 'campaign_created' },
    ]);
  }
}

function wantedRevision(
  draft: CampaignDraft | undefined,
  context: Parameters<typeof planFromDraft>[1],
): string | undefined {
  const plan = draft && planFromDraft(draft, context);
  return plan === undefined || 'field' in plan ? undefined : campaignRevision(plan);
}

async function checked(
  client: PoolClient,
  merchantId: string,
  draft: CampaignDraft | undefined,
  context: Parameters<typeof planFromDraft>[1],
): Promise<CampaignPlan> {
  if (!draft) throw invalidInput('campaign', 'is missing');
  const plan = planFromDraft(draft, context);
  if ('field' in plan) throw invalidInput(plan.field, plan.message);
  await requireTiers(client, merchantId, plan.conditions.tierIds);
  return plan;
}

async function requireTiers(
  client: PoolClient,
  merchantId: string,
  tierIds: readonly string[],
): Promise<void> {
  const unknown = await unknownTiers(client, merchantId, tierIds);
  if (unknown.length > 0) throw notFound('campaign.conditions.tier_ids');
}

const isSamePromise = (one: CampaignPlan, other: CampaignPlan): boolean =>
  one.reward.points === other.reward.points &&
  JSON.stringify(conditionsIntoJson(one.conditions)) ===
    JSON.stringify(conditionsIntoJson(other.conditions));
