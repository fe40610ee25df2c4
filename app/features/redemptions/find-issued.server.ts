import type { AdoptRedemptionRequest } from '#proto/points/v1/rewards.ts';
import type { FileStore } from '../../files/file-store.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { listDiscounts } from '../../shopify/admin/discounts.ts';
import { listGiftCards } from '../../shopify/admin/gift-cards.ts';
import { creditsSince } from './credit-journal.ts';
import { findCredits } from './make-reward.server.ts';
import { markOfNote, markOfTags, ourTag } from './redemption-mark.ts';
import type { RedemptionMark } from './redemption-mark.ts';

/** Clocks of two companies. */
const clockSkewMs = 2 * 60_000;

export interface IssuedReport {
  /** Found at Shopify, unknown here, and debited now. */
  readonly adopted: number;
  /** Their owner is no member (any more): ids at Shopify. */
  readonly ownerless: readonly string[];
  /** Free gifts that the database does not know of; they are given again by their campaign or tier. */
  readonly gifts: readonly string[];
  /** Asked for at Shopify, which did not allow it. */
  readonly notAllowed: readonly ('discounts' | 'gift cards' | 'store credit')[];
  /** Records of store credit that cannot be read. */
  readonly unreadable: number;
}

/**
 * Finds the codes, cards and credits of this app that Shopify made since then, and has core write down and debit those
 * that it does not know. Orders should be read first, so that the points are there.
 */
export async function findIssuedSince(
  shop: ShopReference,
  services: JobServices,
  since: Date,
): Promise<IssuedReport> {
  const shopify = services.shopify(shop);
  const { points } = services.core(shop.merchantId);
  const earliest = new Date(since.getTime() - clockSkewMs);
  const notAllowed: IssuedReport['notAllowed'][number][] = [];
  const allowed = async <Found>(what: (typeof notAllowed)[number], read: Promise<Found[]>) => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof AdminApiError) || error.code !== 'ACCESS_DENIED') throw error;
      notAllowed.push(what);
      return [];
    }
  };
  const journaled = await creditsOf(shop.merchantId, services.files, shopify, earliest);
  const issued = [
    ...(await allowed('discounts', issuedCodes(shopify, earliest))),
    ...(await allowed('gift cards', issuedCards(shopify, earliest))),
    ...(await allowed('store credit', journaled.read())),
  ];
  let adopted = 0;
  const ownerless: string[] = [];
  const gifts: string[] = [];
  for (const one of issued) {
    if (one.points === 0) {
      gifts.push(one.shopifyId);
      continue;
    }
    const { lostRedemptionId: redemptionId, shopifyId } = one;
    const { isAdopted, isKnown, isPending } = await points.adoptRedemption(one);
    // The worker must not pay a credit again that was paid after the moment of the restore.
    if (isPending) await points.completeRedemption({ redemptionId, shopifyId });
    if (isAdopted || isPending) adopted += 1;
    else if (!isKnown) ownerless.push(one.shopifyId);
  }
  if (adopted > 0)
    log().warn({ merchantId: shop.merchantId, adopted }, 'What Shopify had issued was debited');
  return { adopted, ownerless, gifts, notAllowed, unreadable: journaled.unreadable };
}

const lost = ({ redemptionId, rewardId, points }: RedemptionMark) => ({
  lostRedemptionId: redemptionId,
  lostRewardId: rewardId,
  points,
});

const numberOf = (gid: string | undefined): string => gid?.split('/').at(-1) ?? '';

async function issuedCodes(shopify: AdminClient, since: Date): Promise<AdoptRedemptionRequest[]> {
  const found: AdoptRedemptionRequest[] = [];
  const query = `created_at:>='${since.toISOString()}' AND tag:${ourTag}`;
  for (let after: string | null = null; ;) {
    const variables: { query: string; after: string | null } = { query, after };
    const { codeDiscountNodes: page } = await shopify.request(listDiscounts, variables);
    for (const { id, codeDiscount } of page.nodes) {
      if (!('tags' in codeDiscount)) continue;
      const mark = markOfTags(codeDiscount.tags);
      const owner = codeDiscount.context.customers?.[0];
      if (mark === undefined || owner === undefined) continue;
      found.push({
        ...lost(mark),
        shopifyCustomerId: numberOf(owner.id),
        kind: 'coupon',
        title: titleOf(codeDiscount.title),
        shopifyId: id,
        code: codeDiscount.codes.nodes[0]?.code ?? '',
        value: '',
        currency: '',
        createdAt: codeDiscount.createdAt,
        expiresAt: codeDiscount.endsAt ?? '',
        isUsed: codeDiscount.asyncUsageCount > 0,
      });
    }
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor ?? null;
  }
}

/** `LoyalNest: 5 off (LN-ABC)`, as the discount was named. */
const titleOf = (title: string): string =>
  title.replace(/^LoyalNest: /, '').replace(/ \([^()]*\)$/, '');

async function issuedCards(shopify: AdminClient, since: Date): Promise<AdoptRedemptionRequest[]> {
  const found: AdoptRedemptionRequest[] = [];
  const query = `created_at:>='${since.toISOString()}'`;
  for (let after: string | null = null; ;) {
    const variables: { query: string; after: string | null } = { query, after };
    const { giftCards: page } = await shopify.request(listGiftCards, variables);
    for (const card of page.nodes) {
      const mark = markOfNote(card.note ?? '');
      if (mark === undefined || !card.customer) continue;
      found.push({
        ...lost(mark),
        shopifyCustomerId: numberOf(card.customer.id),
        kind: 'gift_card',
        title: `${card.initialValue.amount} ${card.initialValue.currencyCode}`,
        shopifyId: card.id,
        code: '',
        value: card.initialValue.amount,
        currency: card.initialValue.currencyCode,
        createdAt: card.createdAt,
        expiresAt: card.expiresOn ? `${card.expiresOn}T00:00:00Z` : '',
        isUsed: false,
      });
    }
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor ?? null;
  }
}

/** Those of the journal that Shopify did pay: an attempt may have failed after it was written down. */
async function creditsOf(
  merchantId: string,
  files: FileStore,
  shopify: AdminClient,
  since: Date,
): Promise<{
  readonly read: () => Promise<AdoptRedemptionRequest[]>;
  readonly unreadable: number;
}> {
  const { credits, unreadable } = await creditsSince(files, merchantId, since);
  const read = async () => {
    const found: AdoptRedemptionRequest[] = [];
    const taken = new Set<string>();
    for (const one of credits) {
      const { shopifyCustomerId, startsAt, expiresAt, value, currency } = one;
      const candidates = await findCredits(
        shopify,
        { terms: { value, currency }, shopifyCustomerId, expiresAt },
        startsAt,
      );
      const shopifyId = candidates.find((id) => !taken.has(id));
      if (shopifyId === undefined) continue;
      taken.add(shopifyId);
      found.push({
        ...lost(one),
        ...{ shopifyCustomerId, kind: one.kind, value, currency, expiresAt, shopifyId },
        title: `${value} ${currency}`,
        code: '',
        createdAt: startsAt,
        isUsed: false,
      });
    }
    return found;
  };
  return { read, unreadable };
}
