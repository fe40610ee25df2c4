import type { Reward } from '#proto/points/v1/rewards.ts';
import type {
  BasicDiscountInput,
  BuyGetInput,
  FreeShippingInput,
} from '../../shopify/admin/discounts.ts';
import { collectionGid, customerGid, variantGid } from '../../shopify/admin/ids.ts';
import { tagsOf } from './redemption-mark.ts';

export interface Promised {
  readonly terms: Reward;
  readonly code: string;
  readonly shopifyCustomerId: string;
  readonly startsAt: string;
  /** Empty: never. */
  readonly expiresAt: string;
  readonly redemptionId: string;
  /** What it costs; 0 for a gift. */
  readonly points: number;
}

/**
 * What every code has: one use, by its owner alone. Each redemption has a discount of its own, because only a discount
 * knows whom it is for, and its codes do not (docs/rewards.md).
 */
function common(promised: Promised) {
  const { terms, code, shopifyCustomerId, startsAt, expiresAt } = promised;
  return {
    title: `LoyalNest: ${terms.title['en'] ?? terms.kind} (${code})`.slice(0, 255),
    code,
    startsAt,
    endsAt: expiresAt === '' ? null : expiresAt,
    usageLimit: 1,
    appliesOncePerCustomer: true,
    combinesWith: {
      orderDiscounts: terms.combinesWith?.order === true,
      productDiscounts: terms.combinesWith?.product === true,
      shippingDiscounts: terms.combinesWith?.shipping === true,
    },
    context: { customers: { add: [customerGid(shopifyCustomerId)] } },
    tags: tagsOf(promised),
  };
}

const minimumOf = ({ minPurchase }: Reward) =>
  minPurchase === ''
    ? {}
    : { minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: minPurchase } } };

const itemsOf = ({ appliesTo, collectionId }: Reward) =>
  appliesTo === 'collection'
    ? { collections: { add: [collectionGid(collectionId)] } }
    : ({ all: true } as const);

/** An amount or a percentage off the order, or off a collection. */
export function basicDiscount(promised: Promised): BasicDiscountInput {
  const { terms } = promised;
  return {
    ...common(promised),
    ...minimumOf(terms),
    customerGets: {
      value:
        terms.discount === 'percent'
          ? // Shopify's percentages are shares of one.
            { percentage: Number(terms.value) / 100 }
          : { discountAmount: { amount: terms.value, appliesOnEachItem: false } },
      items: itemsOf(terms),
    },
  };
}

/**
 * One piece of a product for nothing: its price off, once. (Shopify's percentage would be off however many pieces there
 * are in the cart, and its "buy X get Y" does not know "buy anything".)
 */
export function freeProduct(promised: Promised, price: string): BasicDiscountInput {
  const { terms } = promised;
  return {
    ...common(promised),
    ...minimumOf(terms),
    customerGets: {
      value: { discountAmount: { amount: price, appliesOnEachItem: false } },
      items: { products: { productVariantsToAdd: [variantGid(terms.variantId)] } },
    },
  };
}

/** One piece of a product for nothing, with something from a collection. */
export function freeProductWithPurchase(promised: Promised): BuyGetInput {
  const { terms } = promised;
  return {
    ...common(promised),
    usesPerOrderLimit: 1,
    customerBuys: {
      value: terms.minPurchase === '' ? { quantity: '1' } : { amount: terms.minPurchase },
      items: itemsOf(terms),
    },
    customerGets: {
      value: { discountOnQuantity: { quantity: '1', effect: { percentage: 1 } } },
      items: { products: { productVariantsToAdd: [variantGid(terms.variantId)] } },
    },
  };
}

export function freeShipping(promised: Promised): FreeShippingInput {
  const { terms } = promised;
  return {
    ...common(promised),
    ...minimumOf(terms),
    destination: { all: true },
    ...(terms.maxShipping === '' ? {} : { maximumShippingPrice: terms.maxShipping }),
  };
}
