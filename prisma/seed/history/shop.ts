import { isDiscountFor } from '#core/program/campaign-conditions.rules.ts';
import { campaignGift } from '#core/campaigns/campaign-gift.rules.ts';
import { priceOf } from '#core/rewards/redemption.rules.ts';
import { cancelOrder, payOrder, placeOrder } from '#e2e/shopify/orders.ts';
import { refundableOf, refundOrder } from '#e2e/shopify/refunds.ts';
import type { Order } from '#e2e/shopify/state.ts';
import { HOUR, MINUTE } from './calendar.ts';
import { Dice, idOf } from './dice.ts';
import { secondOfDay, type Person } from './people.ts';
import { recordOrder, webhookDelay, wholeSecond } from './record-orders.ts';
import { giveGift, isLive, redeem, returnCode } from './redeem.ts';
import { STAFF } from './rules.ts';
import type { Purchase } from './shopping.ts';
import type { Life, Member, RedemptionState } from './state.ts';
import { expiryAt } from './sums.ts';

/** Who of the people is a customer by now. */
export interface Market {
  readonly byPerson: Map<Person, Member>;
}

/** A purchase, with the reward that is used for it or asked for on its way. */
export function buy(life: Life, market: Market, purchase: Purchase, at: number): void {
  const member = purchase.person === null ? null : (market.byPerson.get(purchase.person) ?? null);
  if (purchase.person !== null && member === null) return;
  const dice = new Dice(`${life.seed} buying ${purchase.n}`);
  const placeAt = wholeSecond(at + dice.whole(2, 11) * MINUTE);
  const reward = member === null ? undefined : rewardFor(life, member, dice, at, placeAt);
  life.later(placeAt, () => place(life, member, purchase, dice, reward, placeAt));
}

/** A code that the member has, or one that they ask for a few minutes before they pay. */
function rewardFor(
  life: Life,
  member: Member,
  dice: Dice,
  at: number,
  placeAt: number,
): RedemptionState | undefined {
  const open = member.redemptions.find(
    (one) => one.gift !== 'tier_shipping' && isLive(one, placeAt) && isLive(one, at),
  );
  if (open !== undefined) return dice.chance(0.8) ? open : undefined;
  const gift = campaignCode(life, member, dice, at);
  if (gift !== undefined) return gift;
  if (!member.hasAccount || !dice.chance(0.36)) return undefined;
  return redeemSomething(life, member, dice, at);
}

function campaignCode(
  life: Life,
  member: Member,
  dice: Dice,
  at: number,
): RedemptionState | undefined {
  for (const { campaign } of life.rules.campaigns) {
    const reward = campaignGift(campaign, life.rules.currency);
    const known = {
      segments: member.segments ?? [],
      tierId: member.tierId,
      country: member.person.place.countryCode,
    };
    if (reward === undefined || !isDiscountFor(campaign, known, new Date(at))) continue;
    const hasOne = member.redemptions.some(
      ({ campaign_id }) => campaign_id === campaign.campaignId,
    );
    if (hasOne || !dice.chance(0.6)) continue;
    return giveGift(
      life,
      member,
      {
        gift: 'campaign',
        campaignId: campaign.campaignId,
        reward,
        value: reward.value,
        endsAt: campaign.reward.discount?.endsWithCampaign === true ? campaign.endsAt : null,
        key: `campaign/${campaign.campaignId}/discount/${member.customerId}/1`,
      },
      at,
    );
  }
  return undefined;
}

function redeemSomething(
  life: Life,
  member: Member,
  dice: Dice,
  at: number,
): RedemptionState | undefined {
  const { available } = member.ledger;
  const [fixed, flexible, percent, shipping] = life.rules.rewards;
  const choices = [
    { reward: fixed, weight: 50, points: 500 },
    { reward: flexible, weight: 24, points: Math.min(1_500, Math.floor(available / 100) * 100) },
    { reward: percent, weight: 16, points: 1_000 },
    { reward: shipping, weight: 10, points: 600 },
  ].filter(({ points }) => points >= 300 && points <= available);
  if (choices.length === 0) return undefined;
  const { reward, points } = dice.weighted(choices, ({ weight }) => weight);
  if (reward === undefined) return undefined;
  const price = priceOf(reward, points);
  return 'problem' in price ? undefined : redeem(life, member, reward, price, at);
}

function place(
  life: Life,
  member: Member | null,
  purchase: Purchase,
  dice: Dice,
  reward: RedemptionState | undefined,
  at: number,
): void {
  const { world, rules } = life;
  const isPaid = purchase.fate !== 'paid later' && purchase.fate !== 'never paid';
  const shipsFree = member?.redemptions.find(
    (one) => one.gift === 'tier_shipping' && isLive(one, at),
  );
  const isShipped = !purchase.isPos;
  const codes = [
    ...(reward !== undefined && isUsable(reward, isShipped) ? [reward] : []),
    ...(shipsFree !== undefined && isShipped && dice.chance(0.6) ? [shipsFree] : []),
  ];
  const shipping = dice.pick(rules.shippingPrices);
  world.clock.at = at;
  const order = placed(life, member, purchase, {
    codes: accepted(codes).map(({ code }) => code),
    shipping: isShipped ? shipping : 0,
    isPaid,
    at,
  });
  life.soon(at + webhookDelay(dice), (heardAt) => {
    const state = recordOrder(life, order, member, isPaid ? 'paid' : 'created', heardAt);
    for (const redemption of accepted(codes).filter(({ code }) =>
      order.codes.some((applied) => applied.code === code),
    )) {
      redemption.used_order_id = state.orderId;
      redemption.used_at = state.row.ordered_at;
      state.row.redemption_id ??= redemption.redemption_id;
    }
  });
  planFate(life, member, purchase, order, dice);
}

const isUsable = ({ terms }: RedemptionState, isShipped: boolean): boolean =>
  isShipped || (terms as { kind: string }).kind !== 'free_shipping';

/** One code off the delivery is enough. */
const accepted = (codes: readonly RedemptionState[]): RedemptionState[] => {
  const isShipping = ({ terms }: RedemptionState) =>
    (terms as { kind: string }).kind === 'free_shipping';
  const [first] = codes.filter(isShipping);
  return codes.filter((code) => !isShipping(code) || code === first);
};

function placed(
  { world, seed }: Life,
  member: Member | null,
  purchase: Purchase,
  how: { codes: string[]; shipping: number; isPaid: boolean; at: number },
): Order {
  const { products } = world.data;
  const lines = purchase.basket.flatMap(({ handle, quantity }) => {
    const product = products.find((one) => one.handle === handle);
    return product === undefined
      ? []
      : [
          {
            productId: product.id,
            variantId: product.variantId,
            title: product.title,
            sku: product.sku,
            quantity,
            unitPrice: product.price,
          },
        ];
  });
  const input = {
    customer: member?.customer ?? null,
    lines,
    shipping: how.shipping,
    paid: how.isPaid,
    at: world.clock.iso(how.at),
    sourceName: purchase.isPos ? 'pos' : 'web',
    ...(member === null && { email: `guest-${purchase.n}@post.example` }),
    silent: true,
  };
  const order = orderWith(world, input, how.codes);
  order.token = idOf(`${seed} order ${purchase.n}`).replaceAll('-', '');
  return order;
}

/** With its codes, or without them where the checkout does not take them: a minimum may not be met. */
function orderWith(
  world: Life['world'],
  input: Omit<Parameters<typeof placeOrder>[1], 'codes'>,
  codes: readonly string[],
): Order {
  try {
    return placeOrder(world, { ...input, codes }).order;
  } catch (error) {
    if (codes.length === 0) throw error;
    return placeOrder(world, input).order;
  }
}

/** What becomes of the order later, while the shop is open. */
function planFate(
  life: Life,
  member: Member | null,
  { fate }: Purchase,
  order: Order,
  dice: Dice,
): void {
  const { world, calendar } = life;
  const inDays = (low: number, high: number): number => {
    const day = calendar.dayOf(Date.parse(order.createdAt)).index + dice.whole(low, high);
    return wholeSecond(calendar.at(day, secondOfDay(dice, 9, 17)));
  };
  const then = (at: number, trigger: 'paid' | 'updated' | 'cancelled', work: () => void) =>
    life.later(at, () => {
      world.clock.at = at;
      work();
      life.soon(at + webhookDelay(dice), (heardAt) => {
        recordOrder(life, order, member, trigger, heardAt);
      });
    });
  const [line] = order.lines;
  switch (fate) {
    case 'kept':
    case 'never paid':
      return;
    case 'paid later':
      return then(inDays(1, 2), 'paid', () => payOrder(world, order));
    case 'cancelled':
      return then(Date.parse(order.createdAt) + dice.whole(1, 9) * HOUR, 'cancelled', () =>
        cancelOrder(world, order, { reason: 'customer' }),
      );
    case 'refunded':
      return then(inDays(4, 15), 'updated', () => refundOrder(world, order, {}));
    case 'part refunded':
      return then(inDays(4, 15), 'updated', () =>
        refundOrder(
          world,
          order,
          line === undefined ? {} : { lines: [{ lineId: line.id, quantity: 1 }] },
        ),
      );
    case 'amount refunded':
      return then(inDays(2, 9), 'updated', () => {
        // A code may have left less to pay than one of its lines is worth.
        const amount = Math.min(life.rules.goodwill, line?.unitPrice ?? 0, refundableOf(order));
        if (amount > 0) refundOrder(world, order, { amount });
      });
  }
}

/** Codes that no one used, returns of some of them, and what staff gave by hand. */
export function staffWork(life: Life, last: number): void {
  const { calendar, rules, seed } = life;
  const from = calendar.dayOf(rules.joinedAt.getTime()).index;
  const to = calendar.dayOf(last).index;
  const dice = new Dice(`${seed} staff`);
  for (let index = from + 20; index <= to; index += dice.whole(3, 7))
    life.later(calendar.at(index, secondOfDay(dice)), (at) => askForCode(life, dice, at));
  const reasons = [
    'Parcel arrived late: with our apologies',
    'Thank you for the photos you sent us',
    'Helped another customer in the store',
    'Broken cup replaced, with points for the trouble',
    'Winner of the tasting quiz',
  ];
  for (let index = from + 25; index <= to; index += dice.whole(18, 40)) {
    const reason = dice.pick(reasons);
    const points = dice.pick([50, 100, 150, 200]);
    life.later(calendar.at(index, secondOfDay(dice, 9, 17)), (at) =>
      adjust(life, dice, points, reason, at),
    );
  }
}

const richMembers = (life: Life, least: number): Member[] =>
  life.members.filter(
    (member) => member.hasAccount && member.ledger.available >= least && !member.isReviewDue,
  );

/** A member asks for a code without buying; some think better of it within days. */
function askForCode(life: Life, dice: Dice, at: number): void {
  const able = richMembers(life, 500).filter(
    ({ redemptions }) => !redemptions.some((one) => one.gift === null && isLive(one, at)),
  );
  if (able.length === 0) return;
  const member = dice.pick(able);
  const made = redeemSomething(life, member, dice, at);
  if (made === undefined || !dice.chance(0.35)) return;
  const returnAt = at + dice.whole(1, 5 * 24) * HOUR + dice.whole(0, 3_599_000);
  life.later(returnAt, (then) => {
    if (isLive(made, then) && member.ledger.debt === 0) returnCode(life, member, made, then);
  });
}

function adjust(life: Life, dice: Dice, points: number, reason: string, at: number): void {
  const able = richMembers(life, 0);
  if (able.length === 0) return;
  const member = dice.pick(able);
  const entry = member.ledger.credit(
    {
      at,
      points,
      key: `adjust/${idOf(`${life.seed} adjustment ${at}`)}`,
      type: 'adjust',
      source: 'manual',
      reason,
      actor: STAFF,
    },
    expiryAt(life, at),
  );
  member.changedAt = at;
  life.audits.push({
    at,
    actor: STAFF,
    action: 'points_adjusted',
    targetTable: 'points_transactions',
    targetId: entry.transaction_id,
    metadata: { customer_id: member.customerId, points },
  });
}
