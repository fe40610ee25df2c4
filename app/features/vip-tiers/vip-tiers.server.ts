import { createHash } from 'node:crypto';
import type {
  GetVipTiersResponse,
  PreviewVipTiersResponse,
  VipLadder,
} from '#proto/points/v1/tiers.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import type { TierReward } from './tier-editor.tsx';
import type { TiersAction } from './tiers-action.ts';
import { parseTierSetForm, parseTiersQuery, type TiersQuery } from './vip-tiers.schema.ts';

const MOVES_PER_PAGE = 20;

export interface VipTiersData {
  readonly asked: TiersQuery;
  readonly tiers: GetVipTiersResponse;
  /** What entering a tier may give. */
  readonly rewards: readonly TierReward[];
  /** What publishing the draft would do; absent without one. */
  readonly preview: PreviewVipTiersResponse | undefined;
  /** Names the draft that is shown; publishing wants it back. */
  readonly digest: string;
}

export async function loadVipTiers({ core, url }: MerchantRequest): Promise<VipTiersData> {
  const asked = parseTiersQuery(url.searchParams);
  const [tiers, { rewards }] = await Promise.all([
    core.points.getVipTiers({}),
    core.points.listRewards({}),
  ]);
  const preview =
    tiers.draft &&
    (await core.points.previewVipTiers({
      ladder: tiers.draft,
      direction: asked.list,
      page: { pageSize: MOVES_PER_PAGE, cursor: asked.cursor },
    }));
  return {
    asked,
    tiers,
    rewards: rewards.map(({ rewardId, title }) => ({ rewardId, title })),
    preview,
    digest: tiers.draft === undefined ? '' : digestOf(tiers.draft),
  };
}

function digestOf({ basis, period, graceDays, tiers }: VipLadder): string {
  const content = [basis, period, graceDays, tiers.map((tier) => ({ ...tier, members: 0 }))];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

export async function changeVipTiers(
  merchant: MerchantRequest,
  form: FormData,
): Promise<TiersAction> {
  const { points } = merchant.core;
  const revision = revisionOf(form);
  switch (form.get('intent')) {
    case 'draft': {
      const textIn = (name: string) => {
        const value = form.get(name);
        return typeof value === 'string' ? value : '';
      };
      const parsed = parseTierSetForm(textIn('tierSet'), textIn('currency'));
      if ('fields' in parsed) return refused(merchant, parsed.fields);
      return saveDraft(merchant, parsed.tierSet, revision);
    }
    case 'publish': {
      const { draft } = await points.getVipTiers({});
      // Only the previewed draft is published: one that another user changed meanwhile is shown first.
      if (draft === undefined || digestOf(draft) !== form.get('digest'))
        return refused(merchant, { draft: 'draft_changed' });
      const { ladder } = await points.configureVipTiers({ ladder: draft, publish: true, revision });
      analytics().capture({
        merchantId: merchant.merchantId,
        name: 'vip_tiers_configured',
        properties: { tiers: draft.tiers.length, version: ladder?.version ?? 0 },
      });
      return { ok: true, intent: 'publish', version: ladder?.version ?? 0 };
    }
    case 'discard':
      await points.discardVipTierDraft({ revision });
      return { ok: true, intent: 'discard', version: 0 };
    case 'restore': {
      const version = Number(form.get('version'));
      const { ladder } = await points.restoreVipTiers({ version, revision });
      return { ok: true, intent: 'restore', version: ladder?.version ?? 0 };
    }
    default:
      return refused(merchant, { intent: 'choice' });
  }
}

async function saveDraft(
  merchant: MerchantRequest,
  typed: VipLadder,
  revision: string,
): Promise<TiersAction> {
  try {
    const { ladder } = await merchant.core.points.configureVipTiers({
      ladder: typed,
      publish: false,
      revision,
    });
    return { ok: true, intent: 'draft', version: ladder?.version ?? 0 };
  } catch (error) {
    // The page has tiers that another user removed from the draft since it was opened.
    const isGone =
      revision !== '' &&
      error instanceof CoreError &&
      error.code === 'not_found' &&
      /^ladder\.tiers\[\d+\]\.tier_id$/.test(error.field);
    if (!isGone) throw error;
    const known = await merchant.core.points.getVipTiers({});
    // Saved over by choice: what was taken out comes back as a new tier.
    if (known.revision === revision)
      return saveDraft(merchant, withNewTiers(typed, known), revision);
    const { requestId } = merchant;
    return {
      ok: false,
      problem: { code: 'edit_conflict', field: 'revision', requestId },
      fields: {},
    };
  }
}

function withNewTiers(
  typed: VipLadder,
  { published, draft, history }: GetVipTiersResponse,
): VipLadder {
  const ids = new Set(
    [published, draft, ...history].flatMap((set) => set?.tiers ?? []).map((one) => one.tierId),
  );
  const tiers = typed.tiers.map((tier) => (ids.has(tier.tierId) ? tier : { ...tier, tierId: '' }));
  return { ...typed, tiers };
}
