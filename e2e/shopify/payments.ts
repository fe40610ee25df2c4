// Payments other than a credit card: gift cards by their codes, and a buyer's store credit. Shop money in minor units.
import { CodeRefusal } from './discount-words.ts';
import type { Customer, GiftCard, Order, StoreCredit, Transaction } from './state.ts';
import type { World } from './world.ts';

export const GIFT_CARD = 'gift_card';
export const STORE_CREDIT = 'shopify_store_credit';
export const CARD = 'bogus';

export function findGiftCard(world: World, code: string): GiftCard | undefined {
  const wanted = code.replaceAll(/[\s-]/g, '').toLowerCase();
  return wanted === '' ? undefined : world.data.giftCards.find((card) => card.code === wanted);
}

export const endOf = (code: string): string => code.slice(-4).toUpperCase();

/** A gift card with a balance, or the checkout's message about why not. */
function usableCard(world: World, code: string): GiftCard {
  const card = findGiftCard(world, code);
  if (!card) throw new CodeRefusal('unknown', code);
  const end = endOf(card.code);
  if (card.currency !== world.data.shop.currency) throw new CodeRefusal('card_currency', end);
  // It is valid until the end of its day.
  if (card.expiresOn !== null && world.clock.iso().slice(0, 10) > card.expiresOn)
    throw new CodeRefusal('card_expired', end);
  if (card.balance <= 0) throw new CodeRefusal('card_empty', end);
  return card;
}

const isAlive = (world: World, credit: StoreCredit): boolean =>
  credit.expiresAt === null || Date.parse(credit.expiresAt) > world.clock.now();
export const leftOf = (credit: StoreCredit): number => credit.amount - credit.spent;

/** What a customer has left, soonest to expire first. */
function creditsOf(world: World, customer: Customer | null, currency: string): StoreCredit[] {
  const never = '9999';
  return world.data.storeCredits
    .filter(
      (one) =>
        one.customerId === customer?.id &&
        one.currency === currency &&
        leftOf(one) > 0 &&
        isAlive(world, one),
    )
    .sort((a, b) => (a.expiresAt ?? never).localeCompare(b.expiresAt ?? never) || a.id - b.id);
}
export const storeCreditOf = (
  world: World,
  customer: Customer | null,
  currency = world.data.shop.currency,
): number => creditsOf(world, customer, currency).reduce((sum, one) => sum + leftOf(one), 0);

interface Tender {
  readonly cards: readonly { readonly card: GiftCard; readonly amount: number }[];
  readonly credit: number;
  readonly rest: number;
  readonly refusals: readonly CodeRefusal[];
}

/** Gift cards as they were entered, then store credit if the buyer wants; the rest is for the credit card. */
export function tender(
  world: World,
  customer: Customer | null,
  total: number,
  wish: { readonly cards: readonly string[]; readonly credit: boolean },
): Tender {
  const cards: { card: GiftCard; amount: number }[] = [],
    refusals: CodeRefusal[] = [];
  let rest = total;
  for (const code of wish.cards) {
    try {
      const card = usableCard(world, code);
      if (cards.some((one) => one.card === card)) continue;
      const amount = Math.min(rest, card.balance);
      cards.push({ card, amount });
      rest -= amount;
    } catch (error) {
      if (!(error instanceof CodeRefusal)) throw error;
      refusals.push(error);
    }
  }
  const credit = wish.credit ? Math.min(rest, storeCreditOf(world, customer)) : 0;
  return { cards, credit, rest: rest - credit, refusals };
}

type Part = Pick<Transaction, 'gateway' | 'amount' | 'giftCardId'>;

/** Takes the money off cards and credit. @returns what was taken of each */
export function spend(world: World, order: Order, customer: Customer | null, paid: Tender): Part[] {
  const parts: Part[] = [];
  for (const { card, amount } of paid.cards) {
    if (amount === 0) continue;
    card.balance -= amount;
    parts.push({ gateway: GIFT_CARD, amount, giftCardId: card.id });
  }
  if (paid.credit > 0 && customer) {
    let left = paid.credit;
    for (const one of creditsOf(world, customer, order.currency)) {
      const amount = Math.min(left, leftOf(one));
      one.spent += amount;
      left -= amount;
    }
    noteCredit(world, order, customer.id, -paid.credit);
    parts.push({ gateway: STORE_CREDIT, amount: paid.credit });
  }
  return parts;
}

/** Money that was paid comes back to where it came from. */
export function giveBack(world: World, order: Order, part: Part): void {
  if (part.gateway === GIFT_CARD) {
    const card = world.data.giftCards.find((one) => one.id === part.giftCardId);
    if (card) card.balance += part.amount;
  }
  if (part.gateway !== STORE_CREDIT || order.customerId === null) return;
  let left = part.amount;
  for (const one of world.data.storeCredits.filter((c) => c.customerId === order.customerId)) {
    const amount = Math.min(left, one.spent);
    one.spent -= amount;
    left -= amount;
  }
  noteCredit(world, order, order.customerId, part.amount);
}

function noteCredit(world: World, order: Order, customerId: number, amount: number): void {
  world.data.storeCreditMoves.push({
    id: world.store.nextId('storeCredit'),
    customerId,
    orderId: order.id,
    amount,
    currency: order.currency,
    createdAt: world.clock.iso(),
  });
}
