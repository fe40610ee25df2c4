import type { PoolClient } from 'pg';
import type {
  Campaign as CampaignMessage,
  CampaignDraft,
  CreateCampaignRequest,
  ListCampaignsRequest,
  ListCampaignsResponse,
  UpdateCampaignRequest,
  UpsertLifecycleCampaignRequest,
} from '#proto/points/v1/campaigns.ts';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { idOfKey } from '../shared/id-of-key.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CallerContext } from '../call/context.ts';
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
  updateCampaign,
  type StoredCampaign,
} from './campaigns.store.ts';
import { requireTiers } from '../members/known-tiers.store.ts';
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

/** A change of one shop's campaigns, in its transaction. */
interface Edit {
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly actor: string;
  readonly now: Date;
}

/** Campaigns: planned, changed, ended, tried, and moved on by the clock. */
export function campaignMethods({ pool, clock, logger }: CoreDependencies): Methods {
  const edit = <T>(context: CallerContext, work: (edit: Edit) => Promise<T>) =>
    asTenant(pool, context, (client, merchantId) =>
      work({ client, merchantId, actor: context.caller.actor, now: clock() }),
    );
  const saved = (context: CallerContext, work: (edit: Edit) => Promise<string>) =>
    edit(context, async (on) => ({ campaign: await message(on, await work(on)) }));

  return {
    createCampaign: (request, context) => saved(context, (on) => create(on, request)),
    updateCampaign: (request, context) => saved(context, (on) => update(on, request)),
    cancelCampaign: (request, context) => saved(context, (on) => cancel(on, request.campaignId)),
    getCampaign: (request, context) => saved(context, () => Promise.resolve(request.campaignId)),
    listCampaigns: (request, context) => edit(context, (on) => list(on, request)),
    upsertLifecycleCampaign: (request, context) =>
      saved(context, (on) => upsertLifecycle(on, request)),

    previewCampaign: (request, context) =>
      edit(context, async ({ client, merchantId, now }) => {
        const shop = await readCampaignShop(client, merchantId);
        // What is not filled in yet, or of no account here, must not block it.
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

    advanceCampaigns: campaignAdvancer({ pool, clock, logger }),
  };
}

/** @returns the campaign's id, the same one for the same key */
async function create(
  edit: Edit,
  { campaign: draft, idempotencyKey }: CreateCampaignRequest,
): Promise<string> {
  const { client, merchantId, now } = edit;
  const shop = await readCampaignShop(client, merchantId, true);
  const plan = await checked(client, merchantId, draft, { ...shop, now });
  const campaignId = idOfKey(merchantId, idempotencyKey);
  if (await insertCampaign(client, merchantId, campaignId, plan))
    await record(edit, campaignId, plan, 'campaign_created');
  return campaignId;
}

async function update(
  edit: Edit,
  { campaignId, campaign: draft, revision: opened }: UpdateCampaignRequest,
): Promise<string> {
  const { client, merchantId, now } = edit;
  const shop = await readCampaignShop(client, merchantId, true);
  const { campaign: before } = await existing(edit, campaignId, true);
  const drafted = { ...shop, now, before };
  await requireTiers(
    client,
    merchantId,
    draft?.conditions?.tierIds ?? [],
    'campaign.conditions.tier_ids',
  );
  const current = campaignRevision(before);
  const wanted = wantedRevision(draft, drafted);
  if (stepOfEdit({ opened, current, wanted }) === 'saved') return campaignId;
  const plan = await checked(client, merchantId, draft, drafted);
  await updateCampaign(client, merchantId, campaignId, plan);
  await record(edit, campaignId, plan, 'campaign_updated');
  return campaignId;
}

async function cancel(edit: Edit, campaignId: string): Promise<string> {
  const { client, merchantId, now } = edit;
  const { campaign } = await existing(edit, campaignId, true);
  const status = statusAt(campaign, now);
  if (status === 'ended' || status === 'cancelled') return campaignId;
  // What was bought while it ran keeps what was promised: it ends, and is not undone.
  if (status === 'active') await end(edit, campaign);
  else {
    const plan: CampaignPlan = { ...campaign, status: 'cancelled' };
    await updateCampaign(client, merchantId, campaignId, plan);
    await record(edit, campaignId, plan, 'campaign_cancelled');
  }
  await withdrawCampaignGifts(client, merchantId, [campaignId], now);
  return campaignId;
}

async function end(edit: Edit, campaign: StoredCampaign['campaign']): Promise<void> {
  const ended: CampaignPlan = { ...campaign, status: 'ended', endsAt: edit.now };
  await updateCampaign(edit.client, edit.merchantId, campaign.campaignId, ended);
  await record(edit, campaign.campaignId, ended, 'campaign_ended');
}

async function list(
  { client, merchantId, now }: Edit,
  { status, page }: ListCampaignsRequest,
): Promise<ListCampaignsResponse> {
  const shop = await readCampaignShop(client, merchantId);
  const { campaigns, nextCursor } = await listCampaigns(client, merchantId, {
    status,
    now,
    pageSize: page?.pageSize ?? 50,
    cursor: page?.cursor ?? '',
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
}

/**
 * The campaign of a trigger and a segment as it is from now on. One that has begun keeps its promise until now: what is
 * new is another campaign.
 */
async function upsertLifecycle(
  edit: Edit,
  request: UpsertLifecycleCampaignRequest,
): Promise<string> {
  const { client, merchantId, now } = edit;
  const shop = await readCampaignShop(client, merchantId, true);
  const trigger = request.conditions?.trigger ?? '';
  const segment = request.conditions?.segment ?? '';
  const found = await findLifecycleCampaign(client, merchantId, trigger, segment, now);
  const plan = await checked(client, merchantId, lifecycleDraft(request, found), { ...shop, now });
  if (found !== undefined && statusAt(found.campaign, now) !== 'active') {
    const { campaignId } = found.campaign;
    await updateCampaign(client, merchantId, campaignId, plan);
    await record(edit, campaignId, plan, 'campaign_updated');
    return campaignId;
  }
  if (found !== undefined) {
    if (isSamePromise(found.campaign, plan)) return found.campaign.campaignId;
    await end(edit, found.campaign);
  }
  const campaignId = idOfKey(merchantId, `lifecycle/${trigger}/${segment}/${now.toISOString()}`);
  await insertCampaign(client, merchantId, campaignId, plan);
  await record(edit, campaignId, plan, 'campaign_created');
  return campaignId;
}

function lifecycleDraft(
  { name: asked, conditions, rewardPoints }: UpsertLifecycleCampaignRequest,
  found: StoredCampaign | undefined,
): CampaignDraft {
  const named = [conditions?.trigger ?? '', conditions?.segment ?? ''];
  const name = asked || named.filter((part) => part !== '').join(': ');
  return {
    name,
    // They are of that name: under another one they would say something else.
    translations: found?.campaign.name === name ? { ...found.campaign.translations } : {},
    type: 'lifecycle',
    published: true,
    multiplier: '',
    startLocal: '',
    endLocal: '',
    conditions,
    rewardPoints,
    discount: undefined,
  };
}

/** Starts and ends campaigns whose time has come, shop by shop. */
function campaignAdvancer({
  pool,
  clock,
  logger,
}: Pick<CoreDependencies, 'pool' | 'clock' | 'logger'>): Methods['advanceCampaigns'] {
  /** Shops whose campaigns failed to advance: they must not come before the others each time. */
  const stuck = new Set<string>();
  return async (request) => {
    const limit = request.limit || SHOPS_PER_CALL;
    const now = clock();
    const due = await findDueTenants(pool, now, limit + stuck.size);
    const tenants = due.filter((merchantId) => !stuck.has(merchantId)).slice(0, limit);
    // Shops that failed are tried again when no other shop waits.
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
  };
}

/** @throws DomainError not_found naming campaign_id */
async function existing(
  { client, merchantId }: Edit,
  campaignId: string,
  lock = false,
): Promise<StoredCampaign> {
  const found = await readCampaign(client, merchantId, campaignId, lock ? 'exclusive' : 'none');
  if (!found) throw notFound('campaign_id');
  return found;
}

async function message(edit: Edit, campaignId: string): Promise<CampaignMessage> {
  const { client, merchantId, now } = edit;
  const { campaign, createdAt, updatedAt } = await existing(edit, campaignId);
  const shop = await readCampaignShop(client, merchantId);
  const results = (await readResults(client, merchantId, [campaignId])).get(campaignId);
  return toCampaignMessage(campaign, { ...shop, now, createdAt, updatedAt, results });
}

/** Saves a change and writes its event. @throws DomainError invalid_input when too many are open by it */
async function record(
  { client, merchantId, actor, now }: Edit,
  campaignId: string,
  plan: CampaignPlan,
  action: ShopAction,
): Promise<void> {
  if (await areTooManyOpen(client, merchantId, now))
    throw invalidInput(
      'campaign.published',
      `at most ${CAMPAIGN_LIMITS.maxOpen} campaigns may be open at once`,
    );
  await writeAudit(client, merchantId, {
    actor,
    action,
    targetTable: 'bonus_campaigns',
    targetId: campaignId,
    metadata: { type: plan.type, status: plan.status },
  });
  await announceCampaigns(client, merchantId, [
    { ...plan, campaignId, isNew: action === 'campaign_created' },
  ]);
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
  await requireTiers(client, merchantId, plan.conditions.tierIds, 'campaign.conditions.tier_ids');
  return plan;
}

const isSamePromise = (one: CampaignPlan, other: CampaignPlan): boolean =>
  one.reward.points === other.reward.points &&
  JSON.stringify(conditionsIntoJson(one.conditions)) ===
    JSON.stringify(conditionsIntoJson(other.conditions));
