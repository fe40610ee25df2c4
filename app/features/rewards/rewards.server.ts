import { z } from 'zod';
import type { Reward } from '#proto/points/v1/rewards.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { refused } from '../../dashboard/merchant-request.server.ts';
import type { FieldMessage } from '../../dashboard/problem-text.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { permissionsMissing } from '../../../proto/shared/permissions.rules.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { hasPicture } from '../../files/pictures.server.ts';
import { grantedScopes } from '../../sessions/granted-scopes.server.ts';
import { formFromTemplate, isTemplate } from './reward-templates.ts';
import { formOf, isPercent } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { parseRewardForm } from './reward.schema.ts';
import { REWARD_STATUSES } from '#vocabulary/rewards.ts';

export interface RewardsData {
  readonly rewards: readonly Reward[];
  readonly currency: string;
  /** Active kinds for which the shop has not granted the scope. */
  readonly missingScopes: readonly string[];
}

export async function loadRewards({ core, shopDomain }: MerchantRequest): Promise<RewardsData> {
  const { rewards, currency } = await core.points.listRewards({});
  const granted = await grantedScopes(shopDomain);
  const missing = rewards
    .filter(({ status }) => status === 'active')
    .flatMap((reward) => permissionsMissing(formOf(reward).kind, granted));
  return { rewards, currency, missingScopes: [...new Set(missing)] };
}

const change = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('status'),
    rewardId: z.guid(),
    status: z.enum(REWARD_STATUSES),
  }),
  z.object({
    intent: z.literal('order'),
    rewardIds: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.guid()).min(1)),
  }),
]);

/** Changes without an editor: activate and deactivate, delete and restore, and the order. */
export async function changeRewards(merchant: MerchantRequest, form: FormData) {
  const parsed = change.safeParse(Object.fromEntries(form));
  if (!parsed.success) return refused(merchant, {});
  const { points } = merchant.core;
  if (parsed.data.intent === 'order') {
    await points.reorderRewards({ rewardIds: parsed.data.rewardIds });
    return { ok: true as const, intent: 'order' as const };
  }
  const { rewardId, status } = parsed.data;
  const { reward, previousStatus } = await points.setRewardStatus({ rewardId, status });
  return {
    ok: true as const,
    intent: 'status' as const,
    rewardId,
    status,
    previousStatus,
    title: reward?.title['en'] ?? '',
  };
}

export interface TierChoice {
  readonly tierId: string;
  readonly name: Readonly<Record<string, string>>;
}

export interface RewardData {
  /** Empty: a new one. */
  readonly rewardId: string;
  /** Names what is saved. */
  readonly revision: string;
  readonly form: RewardForm;
  readonly currency: string;
  readonly tiers: readonly TierChoice[];
  readonly missingScopes: readonly string[];
  /** It was made a moment ago, and this is its own page. */
  readonly wasCreated: boolean;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A reward by its id, or a new one by the template in the address. */
export async function loadReward(merchant: MerchantRequest): Promise<RewardData> {
  const { core, params, url, shopDomain } = merchant;
  const id = params['id'] ?? '';
  const [{ currency }, { published }, granted] = await Promise.all([
    core.points.getPointsProgram({}),
    core.points.getVipTiers({}),
    grantedScopes(shopDomain),
  ]);
  const tiers = (published?.tiers ?? []).map(({ tierId, names }) => ({ tierId, name: names }));
  const withScopes = (form: RewardForm) => ({
    form,
    currency,
    tiers,
    missingScopes: permissionsMissing(form.kind, granted),
    wasCreated: id !== 'new' && url.searchParams.has('created'),
  });
  if (id === 'new') {
    const template = url.searchParams.get('template');
    const form = formFromTemplate(isTemplate(template) ? template : 'amount_off', currency);
    return { rewardId: '', revision: '', ...withScopes(form) };
  }
  const { reward } = await core.points.getReward({ rewardId: idOf(id) });
  if (reward === undefined || reward.status === 'deleted')
    throw new CoreError('not_found', { field: 'reward_id' });
  return { rewardId: reward.rewardId, revision: reward.revision, ...withScopes(formOf(reward)) };
}

function idOf(id: string): string {
  // An address that was cut short is a page that is not there, not a form that is wrong.
  if (!UUID.test(id)) throw new CoreError('not_found', { field: 'reward_id' });
  return id;
}

/** Fields of core by the names that the form gives them, with what to enter there. */
const refusals: Readonly<Record<string, readonly [string, FieldMessage]>> = {
  'reward.title': ['titleEn', 'required'],
  'reward.points_cost': ['pointsCost', 'points_cost'],
  'reward.value': ['value', 'reward_amount'],
  'reward.min_points': ['minPoints', 'steps'],
  'reward.max_points': ['maxPoints', 'steps'],
  'reward.collection_id': ['collectionId', 'collection'],
  'reward.variant_id': ['variantId', 'product'],
  'reward.max_shipping': ['maxShipping', 'reward_amount'],
  'reward.min_purchase': ['minPurchase', 'reward_amount'],
  'reward.code_prefix': ['codePrefix', 'code_prefix'],
  'reward.expires_after_days': ['expiresAfterDays', 'expiry_days'],
  'reward.icon_url': ['iconUrl', 'https_address'],
};

/** Made when the form was opened: sending it twice makes one reward. */
function keyOf(form: FormData): string {
  const key = form.get('key');
  return typeof key === 'string' ? key.slice(0, 100) : '';
}

export async function saveReward(merchant: MerchantRequest, form: FormData) {
  const { params, core } = merchant;
  const id = params['id'] ?? '';
  const parsed = parseRewardForm(form, id === 'new' ? '' : idOf(id));
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  if (!(await hasPicture(merchant.merchantId, parsed.reward.iconUrl)))
    return refused(merchant, { iconUrl: 'picture_gone' });
  try {
    const { reward } = await core.points.upsertReward({
      reward: { ...parsed.reward, revision: revisionOf(form) },
      idempotencyKey: keyOf(form),
    });
    return { ok: true as const, rewardId: reward?.rewardId ?? '' };
  } catch (error) {
    const refusal = error instanceof CoreError ? refusals[error.field] : undefined;
    if (refusal === undefined) throw error;
    const [field, message] = refusal;
    const isPercentage = field === 'value' && isPercent(formOf(parsed.reward));
    return refused(merchant, { [field]: isPercentage ? 'percent' : message });
  }
}
