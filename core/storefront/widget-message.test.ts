import { describe, expect, it } from 'vitest';
import { createEncryption } from '../shared/encryption.ts';
import { forShopper, toVersionMessage, toWidgetMessage } from './widget-message.ts';
import type { GoalStandings } from './widget-earning.rules.ts';
import type { WidgetRow } from './widget.store.ts';

const merchantId = 'm';
const customerId = 'ada';
const encryption = createEncryption(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
const encrypted = (text: string, table: string, column: string, rowId: string) =>
  encryption.encrypt(text, { merchantId, table, column, rowId });
// Already 2027 in Tokyo, still 2026 in New York.
const now = new Date('2026-12-31T16:00:00Z');

const guest: WidgetRow = {
  view_customer_id: null,
  view_version: 0,
  view_balance: 0,
  view_tag: '',
  content_version: 'v9',
  next_change_at: null,
  absence: null,
  currency: 'USD',
  language: { default: 'fr' },
  timezone: 'America/New_York',
  config: {
    earning: {
      actions: {
        newsletter: { enabled: true, points: 100 },
        birthday: { enabled: true, points: 200 },
        goal_spend: { enabled: true, points: 300, amount: '100.00' },
        review: { enabled: true, points: 50, conditions: { min_spend: '80.00' } },
      },
    },
  },
  program_updated_at: new Date('2026-11-01T00:00:00Z'),
  branding: { points_label: { es: 'Estrellas' }, launcher: { color: '#0f766e' } },
  sticky_bar: { enabled: true, text: { en: 'Join' } },
  dynamic_multipliers: {},
  customer_id: null,
  first_name: null,
  has_account: false,
  is_new: false,
  total_spend: null,
  tier_id: null,
  tier_progress: null,
  tier_basis: 'spend',
  segments: null,
  birthday_md: null,
  done_actions: null,
  balance: null,
  pending: null,
  recent: null,
  expiries: null,
  rewards: [
    { reward_id: 'r', type: 'amount_off', points_cost: 500, value: '5', title: { en: 'Five off' } },
    {
      reward_id: 'vip',
      type: 'amount_off',
      points_cost: 100,
      value: '1',
      config: { segments: ['vip'] },
    },
  ],
  redemptions: null,
  tiers: [
    {
      tier_id: 's',
      name: { en: 'Silver' },
      spend_threshold: '100.00',
      benefits: { points_multiplier: '1.5' },
    },
  ],
  campaigns: [
    {
      campaign_id: 'double',
      name: 'Double week',
      type: 'double_points',
      status: 'scheduled',
      start_date: '2026-12-31T00:00:00Z',
      end_date: '2027-01-01T00:00:00Z',
      multiplier: '2',
      conditions: {},
      reward: {},
    },
  ],
  granted: 'write_discounts',
  gifts: {
    campaigns: [
      {
        campaign_id: 'code',
        name: 'Ten off',
        type: 'discount',
        status: 'scheduled',
        start_date: null,
        end_date: null,
        multiplier: '1',
        conditions: {},
        reward: { discount: { kind: 'percent_off', value: '10' } },
        taken: false,
        country: null,
      },
    ],
    tier_rewards: { s: { en: 'A mug' } },
  },
};
const entry = {
  transaction_id: 't1',
  customer_id: customerId,
  type: 'earn',
  points: 120,
  sequence: 1,
  balance_after: 120,
  idempotency_key: 'order/1/paid',
  source: 'order',
  reason: null,
  order_id: '1',
  order_name: '#1001',
  reverses_transaction_id: null,
  reversed_by_transaction_id: null,
  currency: 'USD',
  expiry_date: null,
  occurred_at: '2026-11-20T00:00:00+00:00',
  created_at: '2026-11-20T00:00:01+00:00',
  actor: 'staff:7',
  metadata: {},
  lot_remaining: 120,
  lot_expires_at: null,
};
const ada: WidgetRow = {
  ...guest,
  view_customer_id: customerId,
  customer_id: customerId,
  first_name: encrypted('Ada', 'customers', 'first_name', customerId),
  has_account: true,
  total_spend: '80.00',
  tier_id: 's',
  tier_progress: { spend: '120.00', points: 0 },
  segments: ['vip', 7],
  done_actions: [`signup/${customerId}`, `birthday/${customerId}/2026`],
  balance: {
    customer_id: customerId,
    balance: 120,
    held: 20,
    debt: 0,
    version: 4,
    earned_total: 120,
    spent_total: 0,
    updated_at: '2026-11-20T00:00:00+00:00',
  },
  recent: [entry],
  expiries: [
    { expires_at: '2027-01-05T00:00:00+00:00', points: 30 },
    { expires_at: '2027-02-05T00:00:00+00:00', points: 40 },
  ],
  redemptions: [
    {
      redemption_id: 'x',
      status: 'completed',
      discount_code: encrypted('LN-7K', 'reward_redemptions', 'discount_code', 'x').toString(
        'base64',
      ),
      points_spent: 500,
      value: '5.00',
      reward_type: 'amount_off',
      reward_title: { en: 'Five off' },
      created_at: '2026-11-20T00:00:00Z',
    },
  ],
};
const view = (row: WidgetRow, locale = 'en', standings?: GoalStandings, at = now) =>
  toWidgetMessage({ encryption, clock: () => at }, merchantId, row, locale, standings);
const actionOf = (message: ReturnType<typeof view>, name: string) =>
  message.earnActions.find(({ action }) => action === name);

describe('the first view of a guest', () => {
  const message = view(guest);

  it('has the program to look at, and no points, name, standing or codes', () => {
    expect(message).toMatchObject({
      balance: undefined,
      standing: undefined,
      firstName: '',
      redemptions: [],
      recent: [],
      expiries: [],
      currency: 'USD',
      etag: '',
      signupDone: false,
      tierBasis: 'spend',
      showsPointsAtCheckout: true,
      program: { active: true, updatedAt: '2026-11-01T00:00:00.000Z' },
    });
    expect(message.tiers).toMatchObject([{ tierId: 's', name: 'Silver', entryReward: 'A mug' }]);
    expect(message.branding).toMatchObject({ launcherColor: '#0f766e', stickyBarText: 'Join' });
  });

  it('shows what all may have: the codes of campaigns first, then rewards', () => {
    expect(message.rewards.map(({ rewardId }) => rewardId)).toEqual(['code', 'r']);
  });

  it('says what a purchase would earn, as far as no account is asked for', () => {
    expect(message.quote).toMatchObject({ pointsPerUnit: '10', multiplier: '2' });
    const closed = { ...guest, config: { earning: { participants: 'accounts' } } };
    expect(view(closed).quote?.pointsPerUnit).toBe('10');
  });

  it('is in the language of the page, else in the shop’s', () => {
    expect(view(guest, 'es-MX')).toMatchObject({
      locale: 'es',
      pointsName: { one: 'punto', other: 'Estrellas' },
    });
    expect(view(guest, 'de').locale).toBe('fr');
    expect(view({ ...guest, language: null }, '').locale).toBe('en');
  });

  it('of a shop without published tiers has no tiers', () => {
    expect(view({ ...guest, tier_basis: null })).toMatchObject({ tiers: [], tierBasis: '' });
  });

  it('of a shop that has written nothing yet is still a view', () => {
    const bare = {
      ...guest,
      config: null,
      branding: null,
      sticky_bar: null,
      rewards: null,
      tiers: null,
      campaigns: null,
      program_updated_at: null,
      gifts: { campaigns: null, tier_rewards: null },
    };
    expect(view(bare)).toMatchObject({ rewards: [], tiers: [], campaigns: [] });
  });
});

describe('the first view of a member', () => {
  const message = view(ada);

  it('has their name, their points with what expires next, and where they stand', () => {
    expect(message).toMatchObject({
      firstName: 'Ada',
      signupDone: true,
      balance: {
        customerId,
        balance: 120,
        available: 100,
        held: 20,
        expiringPoints: 30,
        expiringAt: '2027-01-05T00:00:00.000Z',
        updatedAt: '2026-11-20T00:00:00.000Z',
      },
      standing: { tierId: 's', spend: '120' },
      expiries: [
        { points: 30, expiresAt: '2027-01-05T00:00:00.000Z' },
        { points: 40, expiresAt: '2027-02-05T00:00:00.000Z' },
      ],
    });
  });

  it('of someone who has earned nothing yet has a balance of nothing', () => {
    expect(view({ ...ada, balance: null, expiries: null }).balance).toMatchObject({
      customerId,
      balance: 0,
      expiringPoints: 0,
    });
    expect(view({ ...ada, first_name: null }).firstName).toBe('');
  });

  it('opens the codes that they have', () => {
    expect(message.redemptions).toMatchObject([{ redemptionId: 'x', code: 'LN-7K' }]);
  });

  it('tells their entries without who adjusted, under which key, and what is left of a credit', () => {
    expect(message.recent).toMatchObject([
      {
        transactionId: 't1',
        points: 120,
        orderName: '#1001',
        occurredAt: '2026-11-20T00:00:00.000Z',
        actor: '',
        idempotencyKey: '',
        lotRemaining: 0,
        lotExpiresAt: '',
      },
    ]);
  });

  it('shows what is for their segments, and multiplies by what is theirs', () => {
    expect(message.rewards.map(({ rewardId }) => rewardId)).toEqual(['code', 'r', 'vip']);
    expect(view({ ...ada, segments: 'vip' }).rewards).toHaveLength(2);
    expect(view({ ...ada, campaigns: null }).quote?.multiplier).toBe('1.5');
    const closed = {
      ...ada,
      has_account: false,
      config: { earning: { participants: 'accounts' } },
    };
    expect(view(closed).quote?.pointsPerUnit).toBe('');
  });

  it('multiplies the first purchase of someone new', () => {
    const dynamic_multipliers = { enabled: ['first_purchase_24h'], first_purchase_24h: 4 };
    const rows = { ...ada, dynamic_multipliers };
    const asNew = view({ ...rows, is_new: true }).quote?.multiplier;
    expect([asNew, view({ ...rows, is_new: false }).quote?.multiplier]).toEqual(['4', '2']);
  });

  it('offers what asks for a total once they have spent it', () => {
    expect(actionOf(message, 'review')).toBeDefined();
    expect(actionOf(view({ ...ada, total_spend: '79.99' }), 'review')).toBeUndefined();
    expect(actionOf(view({ ...ada, total_spend: null }), 'review')).toBeUndefined();
  });

  it('knows the birthday points of this year in the shop, and asks for a birthday once', () => {
    expect(actionOf(message, 'birthday')).toMatchObject({ isDone: true, isClaimable: true });
    const inTokyo = view({ ...ada, timezone: 'Asia/Tokyo', birthday_md: '05-17' });
    expect(actionOf(inTokyo, 'birthday')).toMatchObject({ isDone: false, isClaimable: false });
  });

  it('says how far they are with goals', () => {
    const standings = {
      campaigns: new Map([['double', { spent: 250_000n, isReached: false }]]),
      program: { spent: 400_000n, isReached: false },
    };
    const told = view(ada, 'en', standings);
    expect(actionOf(told, 'goal_spend')).toMatchObject({ amount: '100', spent: '40' });
    expect(told.campaigns).toMatchObject([{ campaignId: 'double', spent: '25' }]);
    expect(message.campaigns).toMatchObject([{ campaignId: 'double', spent: '' }]);
  });

  it('has nothing to spend points on, and no campaigns, while the program rests', () => {
    expect(view({ ...ada, config: { status: 'disabled' } })).toMatchObject({
      rewards: [],
      campaigns: [],
      earnActions: [],
      balance: { balance: 120 },
      redemptions: [{ code: 'LN-7K' }],
    });
  });

  it('leaves out rewards that the shop does not let the app give', () => {
    expect(view({ ...ada, granted: 'read_orders' }).rewards).toEqual([]);
  });
});

describe('what a view hangs on', () => {
  it('names the member, their version and balance, and when it changes by itself', () => {
    expect(
      toVersionMessage({
        view_customer_id: customerId,
        view_version: 4,
        view_balance: 120,
        view_tag: 'abc',
        content_version: 'v9',
        next_change_at: new Date('2027-01-01T00:00:00Z'),
      }),
    ).toEqual({
      customerId,
      version: 4,
      balance: 120,
      tag: 'abc',
      contentVersion: 'v9',
      nextChangeAt: '2027-01-01T00:00:00.000Z',
    });
    expect(view(guest).version).toMatchObject({ customerId: '', nextChangeAt: '' });
  });
});

it('an entry keeps all else that is told of it', () => {
  const [told] = view(ada).recent;
  expect(forShopper({ ...told!, actor: 'x', lotRemaining: 3 })).toEqual(told);
});
