import type { Customer } from '#proto/admin/v1/admin.ts';
import type { GetExpiryScheduleResponse } from '#proto/points/v1/expiry.ts';
import type { Balance, BalanceLine, Entry } from '#proto/points/v1/points.ts';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { parsePointsForm } from './customer.schema.ts';
import { isReturn, returnCode } from './return-code.server.ts';
import type { ScoreStanding } from './score-card.tsx';
import { createLink, isLink, loadReferralStanding } from './referral-standing.server.ts';
import type { ReferralStanding } from './referrals-card.tsx';
import { segmentChoices } from './segment-choices.server.ts';
import type { TierStanding } from './tier-card.tsx';

const LEDGER_PAGE_SIZE = 50;
const SCORE_CHANGES = 5;
const TIER_CHANGES = 5;
const REDEMPTIONS = 10;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export interface CustomerData {
  readonly customer: Customer;
  readonly balance: Balance | undefined;
  readonly lines: readonly BalanceLine[];
  readonly isConsistent: boolean;
  readonly entries: readonly Entry[];
  readonly nextCursor: string;
  readonly score: ScoreStanding;
  readonly tier: TierStanding;
  /** The latest. */
  readonly redemptions: readonly Redemption[];
  readonly expiry: GetExpiryScheduleResponse;
  readonly referrals: ReferralStanding;
}

function customerIdOf({ params }: MerchantRequest): string {
  const id = params['id'] ?? '';
  // An address that was cut short is a page that is not there, not a form that is wrong.
  if (!UUID.test(id)) throw new CoreError('not_found', { field: 'customer_id' });
  return id;
}

export async function loadCustomer(merchant: MerchantRequest): Promise<CustomerData> {
  const { core, url } = merchant;
  const customerId = customerIdOf(merchant);
  const cursor = url.searchParams.get('cursor') ?? '';
  const [{ customer }, explained, ledger, score, tier, { redemptions }, expiry, referrals] =
    await Promise.all([
      core.admin.getCustomer({ customerId, shopifyCustomerId: '' }),
      core.points.explainBalance({ customerId }),
      core.points.listEntries({
        customerId,
        types: [],
        page: { pageSize: LEDGER_PAGE_SIZE, cursor },
      }),
      loadScore(merchant, customerId),
      loadTier(merchant, customerId),
      core.points.listRedemptions({
        customerId,
        page: { pageSize: REDEMPTIONS, cursor: '' },
      }),
      core.points.getExpirySchedule({ customerId }),
      loadReferralStanding(merchant, customerId),
    ]);
  if (customer === undefined) throw new CoreError('not_found', { field: 'customer_id' });
  return {
    customer,
    balance: explained.balance,
    lines: explained.lines,
    isConsistent: explained.consistent,
    entries: ledger.entries,
    nextCursor: ledger.page?.nextCursor ?? '',
    score,
    tier,
    redemptions,
    expiry,
    referrals,
  };
}

async function loadTier({ core }: MerchantRequest, customerId: string): Promise<TierStanding> {
  const [status, progress, { changes }] = await Promise.all([
    core.points.getVipTierStatus({ customerId }),
    core.points.getVipTierProgress({ customerId }),
    core.points.listVipTierChanges({ customerId, page: { pageSize: TIER_CHANGES, cursor: '' } }),
  ]);
  return { status, progress, changes };
}

async function loadScore(merchant: MerchantRequest, customerId: string): Promise<ScoreStanding> {
  const { analytics } = merchant.core;
  const [standing, { history }, segments] = await Promise.all([
    analytics.getRFMScore({ customerId }),
    analytics.getScoreHistory({ customerId, page: { pageSize: SCORE_CHANGES, cursor: '' } }),
    segmentChoices(merchant),
  ]);
  return { standing, history, segments };
}

/** Adjusts, undoes an adjustment, or returns an unused code; the ledger keeps all entries. */
export async function changePoints(merchant: MerchantRequest, form: FormData) {
  const { core } = merchant;
  const customerId = customerIdOf(merchant);
  if (isReturn(form)) return returnCode(merchant, customerId, form);
  if (isLink(form)) return createLink(merchant, customerId);
  const parsed = parsePointsForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const asked = parsed.form;
  if (asked.intent === 'undo') {
    const { entry, balance } = await core.points.reverseEntry({
      customerId,
      transactionId: asked.transactionId,
      reason: asked.reason,
    });
    return {
      ok: true as const,
      intent: asked.intent,
      points: entry?.points ?? 0,
      balance: balance?.balance ?? 0,
    };
  }
  try {
    const { entry, balance } = await core.points.adjustPoints({
      customerId,
      points: asked.points,
      reason: asked.reason,
      idempotencyKey: `adjust/${asked.key}`,
    });
    return {
      ok: true as const,
      intent: asked.intent,
      points: entry?.points ?? asked.points,
      balance: balance?.balance ?? 0,
    };
  } catch (error) {
    // Said beside the number that was too large.
    if (error instanceof CoreError && error.code === 'insufficient_points') {
      return refused(merchant, { points: 'insufficient' });
    }
    throw error;
  }
}
