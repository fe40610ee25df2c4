import type { Reward } from '#proto/points/v1/rewards.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import {
  createBasicDiscount,
  createBuyGetDiscount,
  createFreeShipping,
  deactivateDiscount,
  findDiscountByCode,
  readVariantPrice,
} from '../../shopify/admin/discounts.ts';
import { createGiftCard, findGiftCards } from '../../shopify/admin/gift-cards.ts';
import { customerGid, variantGid } from '../../shopify/admin/ids.ts';
import { creditStoreCredit, readStoreCredits } from '../../shopify/admin/store-credit.ts';
import { refusalOf } from '../../shopify/admin/user-errors.ts';
import type { UserError } from '../../shopify/admin/user-errors.ts';
import {
  basicDiscount,
  freeProduct,
  freeProductWithPurchase,
  freeShipping,
} from './discount-input.ts';
import type { Promised } from './discount-input.ts';
import { markOfNote, noteOf } from './redemption-mark.ts';
import type { RedemptionFailure } from '#vocabulary/rewards.ts';

/** Shopify created it, or the permanent refusal. `taken`: the code exists, so it was created before. */
export type Made =
  { readonly id: string } | { readonly failure: RedemptionFailure } | { readonly taken: true };

interface MutationAnswer {
  readonly id: string | undefined;
  readonly userErrors: readonly UserError[];
}

function outcomeOf({ id, userErrors }: MutationAnswer): Made {
  const [problem] = userErrors;
  if (problem === undefined) {
    if (id === undefined) throw new AdminApiError('a mutation answered nothing', true);
    return { id };
  }
  const { code } = problem;
  if (code === 'TAKEN' || code === 'DUPLICATE') return { taken: true };
  if (code === 'OWNER_NOT_FOUND' || code === 'ACCOUNT_NOT_FOUND' || code === 'CUSTOMER_NOT_FOUND')
    return { failure: 'customer_gone' };
  if (code === 'MISMATCHING_CURRENCY' || code === 'UNSUPPORTED_CURRENCY')
    return { failure: 'currency' };
  if (code === 'INTERNAL_ERROR') throw new AdminApiError(problem.message, true);
  if (problem.field?.includes('customers') === true) return { failure: 'customer_gone' };
  if (problem.field?.some((part) => part.startsWith('product')) === true)
    return { failure: 'product_gone' };
  return { failure: 'refused' };
}

/** Creates a code's discount. */
export async function makeDiscount(shopify: AdminClient, promised: Promised): Promise<Made> {
  const { terms } = promised;
  const basic = async (discount: ReturnType<typeof basicDiscount>): Promise<Made> => {
    const { discountCodeBasicCreate: answer } = await shopify.request(createBasicDiscount, {
      discount,
    });
    return outcomeOf(answerOf(answer));
  };
  if (terms.kind === 'free_shipping') {
    const { discountCodeFreeShippingCreate: answer } = await shopify.request(createFreeShipping, {
      discount: freeShipping(promised),
    });
    return outcomeOf(answerOf(answer));
  }
  if (terms.kind !== 'free_product') return basic(basicDiscount(promised));
  if (terms.appliesTo === 'collection') {
    const { discountCodeBxgyCreate: answer } = await shopify.request(createBuyGetDiscount, {
      discount: freeProductWithPurchase(promised),
    });
    return outcomeOf(answerOf(answer));
  }
  const { productVariant } = await shopify.request(readVariantPrice, {
    id: variantGid(terms.variantId),
  });
  if (productVariant === null) return { failure: 'product_gone' };
  return basic(freeProduct(promised, productVariant.price));
}

const answerOf = (
  answer: {
    codeDiscountNode?: { id: string } | null | undefined;
    userErrors: UserError[];
  } | null,
): MutationAnswer => ({
  id: answer?.codeDiscountNode?.id,
  userErrors: answer?.userErrors ?? [],
});

export interface KnownDiscount {
  readonly id: string;
  readonly isUsed: boolean;
}

export async function findDiscount(
  shopify: AdminClient,
  code: string,
): Promise<KnownDiscount | undefined> {
  const { codeDiscountNodeByCode: node } = await shopify.request(findDiscountByCode, { code });
  return node === null
    ? undefined
    : { id: node.id, isUsed: (node.codeDiscount.asyncUsageCount ?? 0) > 0 };
}

export async function switchOff(shopify: AdminClient, id: string): Promise<void> {
  const { discountCodeDeactivate: answer } = await shopify.request(deactivateDiscount, { id });
  // Of what was deleted meanwhile nothing is left that could be used.
  const isGone = answer?.userErrors[0]?.field?.includes('id') ?? false;
  const refusal = refusalOf('discountCodeDeactivate', answer);
  if (refusal !== undefined && !isGone) throw refusal;
}

/** What is written on a card, so that it is known again. */
export async function findCard(
  shopify: AdminClient,
  code: string,
  redemptionId: string,
): Promise<string | undefined> {
  const { giftCards } = await shopify.request(findGiftCards, { query: code });
  return giftCards.nodes.find(({ note }) => markOfNote(note ?? '')?.redemptionId === redemptionId)
    ?.id;
}

export async function makeCard(shopify: AdminClient, promised: Promised): Promise<Made> {
  const { terms, code, shopifyCustomerId, expiresAt } = promised;
  const { giftCardCreate: answer } = await shopify.request(createGiftCard, {
    input: {
      code,
      customerId: customerGid(shopifyCustomerId),
      initialAmount: { amount: terms.value, currencyCode: terms.currency },
      // Good to the end of that day, in the shop's time.
      expiresOn: expiresAt === '' ? null : expiresAt.slice(0, 10),
      note: noteOf(promised),
    },
  });
  return outcomeOf({ id: answer?.giftCard?.id, userErrors: answer?.userErrors ?? [] });
}

export async function payCredit(shopify: AdminClient, promised: Promised): Promise<Made> {
  const { terms, shopifyCustomerId, expiresAt } = promised;
  const { storeCreditAccountCredit: answer } = await shopify.request(creditStoreCredit, {
    id: customerGid(shopifyCustomerId),
    credit: {
      creditAmount: { amount: terms.value, currencyCode: terms.currency },
      expiresAt: expiresAt === '' ? null : expiresAt,
    },
  });
  return outcomeOf({
    id: answer?.storeCreditAccountTransaction?.id,
    userErrors: answer?.userErrors ?? [],
  });
}

/** What tells a credit from others. */
interface PaidCredit extends Pick<Promised, 'shopifyCustomerId' | 'expiresAt'> {
  readonly terms: Pick<Reward, 'value' | 'currency'>;
}

/** Clocks of two companies. */
const clockSkewMs = 2 * 60_000;

/**
 * The customer's credits that may result from an unanswered attempt, oldest first. Shopify stores nothing of
 * ours with a credit, so they are matched by amount, expiry and time.
 */
export async function findCredits(
  shopify: AdminClient,
  { terms, shopifyCustomerId, expiresAt }: PaidCredit,
  since: string,
): Promise<string[]> {
  const { customer } = await shopify.request(readStoreCredits, {
    id: customerGid(shopifyCustomerId),
  });
  const earliest = Date.parse(since) - clockSkewMs;
  return (customer?.storeCreditAccounts.nodes ?? [])
    .flatMap(({ transactions }) => transactions.nodes)
    .filter(
      (one) =>
        Date.parse(one.createdAt) >= earliest &&
        one.amount.currencyCode === terms.currency &&
        isSameAmount(one.amount.amount, terms) &&
        (expiresAt === ''
          ? (one.expiresAt ?? null) === null
          : Date.parse(one.expiresAt ?? '') === Date.parse(expiresAt)),
    )
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .flatMap(({ id }) => (id === undefined ? [] : [id]));
}

/** `5.0` and `5.00` are the same money. */
const isSameAmount = (amount: string, { value }: Pick<Reward, 'value'>): boolean =>
  trimmed(amount) === trimmed(value);
const trimmed = (amount: string): string =>
  amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
