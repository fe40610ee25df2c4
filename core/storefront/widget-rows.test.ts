import { describe, expect, it } from 'vitest';
import type { Shopper } from './widget-earning.rules.ts';
import {
  brandingOf,
  isGrantable,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tierFactorOf,
  tiersOf,
  wordsIn,
} from './widget.rules.ts';

/** Rows of the database as a shopper sees them, field by field. */

const reader = { language: 'es', shopLanguage: 'fr' } as const;
const shopper: Shopper = {
  tierId: 'gold',
  segments: ['vip'],
  hasAccount: true,
  totalSpend: 0n,
  isFirstPurchase: false,
};
const now = new Date('2026-11-30T12:00:00Z');

it('words that nobody wrote, or blank ones, are passed over', () => {
  expect(wordsIn(' Hola ', 'es', 'fr')).toBe('Hola');
  expect(wordsIn({ es: ' ', fr: ' Salut ' }, 'es', 'fr')).toBe('Salut');
  expect(wordsIn({ es: 7, de: ' ', it: 'Ciao' }, 'es', 'fr')).toBe('Ciao');
  expect(wordsIn({ es: ' ' }, 'es', 'fr')).toBe('');
});

describe('a reward', () => {
  const row = {
    reward_id: 'mug',
    type: 'amount_off',
    title: { es: 'Cinco menos' },
    points_cost: 500,
    value: '5.5000',
    icon_url: 'https://shop.example/a.png',
    config: {
      mode: 'incremental',
      min_points: 500,
      max_points: 1_000,
      min_purchase: '20.00',
      max_shipping: 25,
      expires_after_days: 30,
      tier_ids: ['gold', 'gone'],
      description: { fr: 'Une remise' },
    },
  };
  const tiers = tiersOf([{ tier_id: 'gold', name: { es: 'Oro' } }], reader);
  const of = (changes: object, who: Shopper = shopper, granted: string | null = null) =>
    rewardsOf([{ ...row, ...changes }], tiers, who, reader, granted)[0];

  it('is all that the row says', () => {
    expect(of({})).toEqual({
      rewardId: 'mug',
      kind: 'amount_off',
      title: 'Cinco menos',
      pointsCost: 500,
      value: '5.5',
      incremental: true,
      minPoints: 500,
      maxPoints: 1_000,
      minPurchase: '20',
      maxShipping: '25',
      expiresAfterDays: 30,
      iconUrl: 'https://shop.example/a.png',
      tierNames: ['Oro'],
      isEligible: true,
      isOffer: false,
      endsAt: '',
      description: 'Une remise',
    });
  });

  it('is as little as a malformed row says', () => {
    const odd = { config: 7, title: 7, value: '-1', icon_url: 'javascript:1', type: 7 };
    expect(of(odd)).toMatchObject({
      kind: '',
      title: '',
      value: '',
      incremental: false,
      minPoints: 0,
      minPurchase: '',
      iconUrl: '',
      tierNames: [],
      isEligible: true,
    });
    expect(of({ value: 0 })?.value).toBe('');
    expect(rewardsOf('rows', tiers, shopper, reader)).toEqual([]);
    expect(of({ reward_id: '' })).toBeUndefined();
    expect(of({ points_cost: 0 })).toBeUndefined();
    expect(of({ points_cost: 1 })).toBeDefined();
  });

  it('that is a discount code of a percentage shows a percentage off', () => {
    expect(of({ type: 'coupon', config: { discount: 'percent' } })?.kind).toBe('percent_off');
    expect(of({ type: 'coupon', config: { discount: 'amount' } })?.kind).toBe('coupon');
    expect(of({ config: { discount: 'percent' } })?.kind).toBe('amount_off');
  });

  it('is not mentioned to those in none of its segments', () => {
    expect(of({ config: { segments: ['new', 'vip'] } })).toBeDefined();
    expect(of({ config: { segments: ['new'] } })).toBeUndefined();
    expect(of({ config: { segments: [7] } })).toBeUndefined();
    expect(of({ config: { segments: [] } })).toBeDefined();
  });

  it('is shown to other tiers, and not theirs', () => {
    expect(of({}, { ...shopper, tierId: 'silver' })).toMatchObject({ isEligible: false });
    expect(of({}, { ...shopper, tierId: null })).toMatchObject({ isEligible: false });
  });

  it('is left out where the shop has not allowed it', () => {
    expect(of({}, shopper, 'read_products')).toBeUndefined();
    expect(of({}, shopper, 'write_discounts')).toBeDefined();
    expect(isGrantable('from_the_future', '')).toBe(true);
    expect(isGrantable('gift_card', 'write_discounts')).toBe(false);
  });

  it('stands where the merchant put it, and behind those if nowhere', () => {
    const at = (id: string, position?: number) => ({
      ...row,
      reward_id: id,
      config: position === undefined ? {} : { position },
    });
    const rows = [at('none'), at('third', 3), at('first', 0), at('second', 1), at('last')];
    expect(rewardsOf(rows, tiers, shopper, reader).map(({ rewardId }) => rewardId)).toEqual([
      'first',
      'second',
      'third',
      'none',
      'last',
    ]);
  });
});

describe('a redemption', () => {
  const row = {
    redemption_id: 'r',
    status: 'completed',
    discount_code: Buffer.from('encrypted').toString('base64'),
    points_spent: 500,
    value: '5.0000',
    reward_type: 'amount_off',
    reward_title: { es: 'Cinco menos' },
    expires_at: '2026-12-24T00:00:00+01:00',
    created_at: '2026-11-01T00:00:00Z',
  };
  const open = (id: string, value: Buffer) => `${id}:${value.toString()}`;
  const of = (changes: object) => redemptionsOf([{ ...row, ...changes }], open, reader, now)[0];

  it('is all that the row says', () => {
    expect(of({})).toEqual({
      redemptionId: 'r',
      kind: 'amount_off',
      title: 'Cinco menos',
      status: 'completed',
      code: 'r:encrypted',
      pointsSpent: 500,
      value: '5',
      isPercent: false,
      expiresAt: '2026-12-23T23:00:00.000Z',
      isUsed: false,
      isReturnable: true,
      createdAt: '2026-11-01T00:00:00.000Z',
    });
    expect(redemptionsOf(7, open, reader, now)).toEqual([]);
  });

  it('has no code that is not there, and cannot be returned without one', () => {
    expect(of({ discount_code: null })).toMatchObject({ code: '', isReturnable: false });
    expect(of({ expires_at: null })).toMatchObject({ expiresAt: '', isReturnable: true });
    expect(of({ reward_type: 'gift_card' })).toMatchObject({ isReturnable: false });
    expect(of({ reward_type: 'from_the_future' })).toMatchObject({ isReturnable: false });
  });

  it('says whether it was used', () => {
    expect(of({ used_order_id: '7' })).toMatchObject({ isUsed: true, isReturnable: false });
  });

  it('is of a percentage where its kind or its terms say so', () => {
    expect(of({ reward_type: 'percent_off', value: '10.0000' })).toMatchObject({
      isPercent: true,
      value: '10',
    });
    expect(of({ reward_type: 'coupon', terms: { percent: '12.5' } })).toMatchObject({
      kind: 'coupon',
      isPercent: true,
      value: '12.5',
    });
  });
});

describe('tiers', () => {
  const row = {
    tier_id: 'gold',
    name: { es: 'Oro' },
    spend_threshold: '500.0000',
    points_threshold: 5_000,
    benefits: {
      points_multiplier: '1.50',
      entry_points: 100,
      free_shipping: true,
      early_access: true,
      perks: { es: 'Una taza' },
    },
  };

  it('are all that their rows say, and what entering them gives', () => {
    expect(tiersOf([row], reader, { gold: { es: 'Taza' } })).toEqual([
      {
        tierId: 'gold',
        name: 'Oro',
        spendThreshold: '500',
        pointsThreshold: 5_000,
        pointsMultiplier: '1.5',
        entryPoints: 100,
        hasFreeShipping: true,
        hasEarlyAccess: true,
        perks: 'Una taza',
        entryReward: 'Taza',
      },
    ]);
    expect(
      tiersOf([{ tier_id: 'b', name: 'B', benefits: { points_multiplier: '1' } }], reader),
    ).toEqual([
      {
        tierId: 'b',
        name: 'B',
        spendThreshold: '',
        pointsThreshold: 0,
        pointsMultiplier: '',
        entryPoints: 0,
        hasFreeShipping: false,
        hasEarlyAccess: false,
        perks: '',
        entryReward: '',
      },
    ]);
  });

  it('are left out without a name or an id', () => {
    expect(
      tiersOf(
        [
          { ...row, name: {} },
          { ...row, tier_id: 7 },
        ],
        reader,
      ),
    ).toEqual([]);
  });

  it('multiply what their holders earn', () => {
    expect(tierFactorOf([row], 'gold')).toBe(15_000n);
    expect(tierFactorOf([row], 'silver')).toBeNull();
    expect(tierFactorOf([{ tier_id: 'b' }], 'b')).toBeNull();
  });

  it('say how far a member is', () => {
    const tiers = tiersOf([row], reader);
    expect(
      standingOf(tiers, 'gold', { spend: '12.5', points: 3, qualified_until: '2026-12-31' }),
    ).toEqual({
      tierId: 'gold',
      spend: '12.5',
      points: 3,
      qualifiedUntil: '2026-12-31T00:00:00.000Z',
      graceUntil: '',
    });
    expect(standingOf(tiers, null, null)?.tierId).toBe('');
  });
});

describe('the look of the panel', () => {
  const of = (branding: object, stickyBar: unknown = {}) =>
    brandingOf({ branding, stickyBar, config: {} }, reader);

  it('is what the merchant chose', () => {
    expect(
      of({
        launcher: { color: '#112233', position: 'left', icon: 'gift', text: { es: 'Puntos' } },
        rewards_panel: {
          color: '#112244',
          logo_url: 'https://shop.example/a.png',
          welcome: { es: 'Hola' },
        },
        sticky_bar: { enabled: true, text: { es: 'Únete' }, color: '#112255', link: '/pages/a' },
        loyalty_page: { color: '#112266', title: { es: 'Mis puntos' } },
        post_purchase: { enabled: false, text: { es: 'Gracias' } },
      }),
    ).toEqual({
      launcherColor: '#112233',
      launcherPosition: 'left',
      launcherIcon: 'gift',
      launcherText: 'Puntos',
      panelColor: '#112244',
      logoUrl: 'https://shop.example/a.png',
      welcome: 'Hola',
      pageColor: '#112266',
      pageTitle: 'Mis puntos',
      hasStickyBar: true,
      stickyBarText: 'Únete',
      stickyBarColor: '#112255',
      stickyBarLink: '/pages/a',
      hasPostPurchase: false,
      postPurchaseText: 'Gracias',
    });
  });

  it('has no bar that is off or says nothing', () => {
    expect(of({ sticky_bar: { enabled: true, text: {} } }).hasStickyBar).toBe(false);
    expect(of({ sticky_bar: { enabled: false, text: { es: 'Únete' } } }).hasStickyBar).toBe(false);
  });
});
