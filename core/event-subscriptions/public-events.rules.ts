import { createHash } from 'node:crypto';
import { textOf, textsOf, type Json } from '../shared/stored-json.rules.ts';
import { wordsIn } from '../shared/words.rules.ts';
import { PUBLIC_EVENT_VERSION, type PublicEvent } from '#vocabulary/public-events.ts';
import type { Language } from '#vocabulary/languages.ts';

/** What the database knows of an event of the outbox beside its payload; null where it is about something else. */
export interface PublicEventFacts {
  readonly event_id: string;
  readonly kind: string;
  readonly payload: Json;
  readonly created_at: Date;
  readonly shopify_customer_id: string | null;
  readonly is_erased: boolean | null;
  readonly entry_type: string | null;
  readonly entry_source: string | null;
  readonly entry_order_id: string | null;
  readonly entry_points: number | null;
  readonly entry_balance_after: number | null;
  readonly entry_occurred_at: Date | null;
  readonly reward_id: string | null;
  readonly points_spent: number | null;
  readonly gift: string | null;
  readonly terms: unknown;
  readonly from_tier: unknown;
  readonly to_tier: unknown;
  readonly advocate_shopify_id: string | null;
  readonly friend_shopify_id: string | null;
  readonly advocate_points: number | null;
  readonly friend_points: number | null;
}

export interface ShopFacts {
  readonly merchantId: string;
  readonly shopDomain: string;
  readonly language: Language;
}

/** Something that endpoints are told about: what is sent, and whom it is about. */
export interface PublicEventDraft {
  readonly type: PublicEvent;
  /** What it is about: an endpoint is told once. */
  readonly key: string;
  readonly customerId: string;
  readonly otherCustomerId: string | null;
  readonly body: string;
}

type Told = Omit<PublicEventDraft, 'body' | 'key'> & {
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * What endpoints are told about an event of the outbox; most events concern no one outside. Ids, numbers, names of tiers
 * and rewards: never a person's name, address or reasons that staff wrote.
 */
export function publicEventsOf(facts: PublicEventFacts, shop: ShopFacts): PublicEventDraft[] {
  if (facts.is_erased === true) return [];
  return toldOf(facts, shop).map(({ at, data, ...told }) => ({
    ...told,
    key: `${facts.event_id}/${told.type}`,
    body: envelope(told.type, {
      id: eventId(shop.merchantId, `${facts.event_id}/${told.type}`),
      at,
      shopDomain: shop.shopDomain,
      data,
    }),
  }));
}

function toldOf(facts: PublicEventFacts, shop: ShopFacts): Told[] {
  switch (facts.kind) {
    case 'points.changed':
      return pointsChanged(facts);
    case 'points.expiring':
      return [
        about(facts, 'points.expiring', {
          points: Number(facts.payload['points'] ?? 0),
          expires_at: textOf(facts.payload['expires_at']),
        }),
      ];
    case 'redemption.changed':
      return redeemed(facts, shop);
    case 'tier.changed':
      return [
        about(facts, 'tier.changed', {
          from: tier(facts.payload['from'], facts.from_tier, shop),
          to: tier(facts.payload['to'], facts.to_tier, shop),
        }),
      ];
    case 'segment.changed':
      return [
        about(facts, 'segment.changed', {
          from: textsOf(facts.payload['from']).slice(0, 20),
          to: textsOf(facts.payload['to']).slice(0, 20),
        }),
      ];
    case 'referral.changed':
      return referralCompleted(facts);
    default:
      return [];
  }
}

const about = (
  facts: PublicEventFacts,
  type: PublicEvent,
  data: Readonly<Record<string, unknown>>,
  at: Date = facts.created_at,
): Told => {
  const customerId = textOf(facts.payload['customer_id']);
  return {
    type,
    customerId,
    otherCustomerId: null,
    at,
    data: { customer: customer(customerId, facts.shopify_customer_id), ...data },
  };
};

const customer = (id: string, shopifyId: string | null) => ({
  id,
  shopify_id: /^\d{1,20}$/.test(shopifyId ?? '') ? shopifyId : null,
});

const typeOfEntry: Readonly<Record<string, PublicEvent>> = {
  earn: 'points.earned',
  referral: 'points.earned',
  campaign: 'points.earned',
  redeem: 'points.redeemed',
  expire: 'points.expired',
  adjust: 'points.adjusted',
  reversal: 'points.adjusted',
  writeoff: 'points.adjusted',
  import: 'points.adjusted',
};

function pointsChanged(facts: PublicEventFacts): Told[] {
  const type = typeOfEntry[facts.entry_type ?? ''];
  if (type === undefined) return [];
  const [points, balance] = [facts.entry_points ?? 0, facts.entry_balance_after ?? 0];
  const data = {
    points,
    balance,
    reason: facts.entry_source ?? '',
    transaction_id: textOf(facts.payload['transaction_id']),
    order_id: facts.entry_order_id,
  };
  const at = facts.entry_occurred_at ?? facts.created_at;
  return [
    about(facts, type, data, at),
    // Once, when it falls below zero.
    ...(points < 0 && balance < 0 && balance - points >= 0
      ? [about(facts, 'balance.negative', data, at)]
      : []),
  ];
}

function redeemed(facts: PublicEventFacts, { language }: ShopFacts): Told[] {
  const { payload } = facts;
  if (payload['status'] !== 'completed') return [];
  const terms = typeof facts.terms === 'object' ? (facts.terms as Json | null) : null;
  return [
    about(facts, 'reward.redeemed', {
      redemption_id: textOf(payload['redemption_id']),
      reward: {
        id: facts.reward_id,
        name: shortened(wordsIn(terms?.['title'], language, language)),
      },
      points: facts.points_spent ?? 0,
      // What gave it for free; null where points were spent.
      gift: facts.gift,
    }),
  ];
}

/** Names are for reading; the id is what tells tiers apart. */
function tier(id: unknown, name: unknown, { language }: ShopFacts) {
  return textOf(id) === ''
    ? null
    : { id: textOf(id), name: shortened(wordsIn(name, language, language)) };
}

const shortened = (name: string) => [...name].slice(0, 200).join('');

function referralCompleted(facts: PublicEventFacts): Told[] {
  const { payload } = facts;
  if (payload['status'] !== 'completed') return [];
  const advocate = textOf(payload['advocate_customer_id']);
  const friend = textOf(payload['friend_customer_id']);
  return [
    {
      type: 'referral.completed',
      customerId: advocate,
      otherCustomerId: friend,
      at: facts.created_at,
      data: {
        customer: customer(advocate, facts.advocate_shopify_id),
        friend: customer(friend, facts.friend_shopify_id),
        referral_id: textOf(payload['referral_id']),
        points: facts.advocate_points ?? 0,
        friend_points: facts.friend_points ?? 0,
      },
    },
  ];
}

/** The same event has the same id at every endpoint, and however often the outbox tells it. */
const eventId = (merchantId: string, key: string): string =>
  `evt_${createHash('sha256').update(`${merchantId}/${key}`).digest('hex').slice(0, 32)}`;

interface Envelope {
  readonly id: string;
  readonly at: Date;
  readonly shopDomain: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isTest?: boolean;
}

function envelope(type: PublicEvent, { id, at, shopDomain, data, isTest }: Envelope): string {
  return JSON.stringify({
    id,
    type,
    version: PUBLIC_EVENT_VERSION,
    timestamp: at.toISOString(),
    shop: shopDomain,
    ...(isTest === true && { test: true }),
    data,
  });
}

const sampleId = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const samplePoints = (points: number, balance: number, reason: string) => ({
  points,
  balance,
  reason,
  transaction_id: sampleId(2),
  order_id: reason === 'order' ? '1001' : null,
});

/** What a test of each event says: of nobody, in the form of the real one. */
const samples: Readonly<Record<PublicEvent, Readonly<Record<string, unknown>>>> = {
  'points.earned': samplePoints(120, 620, 'order'),
  'points.redeemed': samplePoints(-500, 120, 'redemption'),
  'points.expiring': { points: 80, expires_at: '2027-01-31T23:59:59.000Z' },
  'points.expired': samplePoints(-80, 40, 'expiry'),
  'points.adjusted': samplePoints(25, 65, 'manual'),
  'balance.negative': samplePoints(-100, -35, 'order'),
  'reward.redeemed': {
    redemption_id: sampleId(3),
    reward: { id: sampleId(4), name: '$5 off' },
    points: 500,
    gift: null,
  },
  'tier.changed': { from: null, to: { id: sampleId(5), name: 'Silver' } },
  'segment.changed': { from: ['new'], to: ['loyal'] },
  'referral.completed': {
    friend: customer(sampleId(6), '5002'),
    referral_id: sampleId(7),
    points: 200,
    friend_points: 100,
  },
};

/** @param id of this test, so that no receiver takes two for one */
export function testEvent(
  type: PublicEvent,
  { id, at, shopDomain }: Pick<Envelope, 'id' | 'at' | 'shopDomain'>,
): string {
  const data = { customer: customer(sampleId(1), '5001'), ...samples[type] };
  return envelope(type, { id, at, shopDomain, data, isTest: true });
}
