import { rewardTitle } from '#app/explanations/reward-title.ts';
import { amountLike } from '#app/i18n/currency-size.ts';
import type { Language } from '#app/i18n/languages.ts';
import { campaignFromRow } from '#core/program/campaign-conditions.rules.ts';
import { programFromConfig, programIntoConfig } from '#core/program/program.rules.ts';
import { DEFAULT_RFM_CONFIG } from '#core/rfm/rfm-config.rules.ts';
import { giftReward } from '#core/rewards/gifts.rules.ts';
import type { Reward } from '#core/rewards/rewards.rules.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import type { StoredTierSet } from '#core/tiers/tier-set.rules.ts';
import { minor, money } from './amounts.ts';
import type { ShopCalendar } from './calendar.ts';
import { campaignRows } from './campaigns.ts';
import { idOf } from './dice.ts';
import type { ShopRules } from './state.ts';

type Words = Readonly<Record<'en' | 'es' | 'fr', string>>;

/** What the merchant is given before anything is saved, as an install writes it. */
export interface InstalledShop {
  readonly merchantId: string;
  readonly currency: string;
  readonly config: unknown;
}

/** The rules of the demo's year: saved on the first day, except for campaigns, which have their own times. */
export function shopRules(
  shop: InstalledShop,
  seed: string,
  calendar: ShopCalendar,
  first: number,
  last: number,
): ShopRules {
  const { currency, merchantId } = shop;
  const before = programFromConfig(shop.config);
  const { actions } = before.earning;
  const program = {
    ...before,
    expiryDays: 180,
    version: before.version + 1,
    earning: {
      ...before.earning,
      actions: {
        ...actions,
        newsletter: { ...actions.newsletter, isEnabled: true, points: 50 },
        birthday: { ...actions.birthday, isEnabled: true, points: 250, daysBefore: 14 },
        social_follow: {
          ...actions.social_follow,
          isEnabled: true,
          points: 30,
          networks: { instagram: 'https://www.instagram.com/demo.store' },
        },
      },
    },
  };
  const tierSet = tiersIn(currency, seed, first);
  return {
    merchantId,
    currency,
    joinedAt: new Date(first),
    program,
    programConfig: programIntoConfig(shop.config, program),
    rfm: DEFAULT_RFM_CONFIG,
    rewards: rewardsIn(currency, seed),
    tierSet,
    shippingPrices: ['5', '5', '5', '8', '12'].map((dollars) => minor(dollars, currency)),
    goodwill: minor('4', currency),
    campaigns: campaignRows(currency, seed, calendar, first, last).map((row) => ({
      row,
      campaign: campaignFromRow(row),
    })),
  };
}

function rewardsIn(currency: string, seed: string): Reward[] {
  const off = (language: Language): string =>
    rewardTitle('amount_off', { amount: amountLike('5', currency), currency }, language);
  const reward = (
    position: number,
    changes: Partial<Reward> & Pick<Reward, 'kind' | 'title' | 'pointsCost'>,
  ): Reward => ({
    ...giftReward({ currency, ...changes }),
    rewardId: idOf(`${seed} reward ${position}`),
    combinesWith: changes.combinesWith ?? { order: false, product: false, shipping: true },
    position,
  });
  return [
    reward(0, {
      kind: 'amount_off',
      title: { en: off('en'), es: off('es'), fr: off('fr') },
      pointsCost: 500,
      value: money('5', currency),
    }),
    reward(1, {
      kind: 'amount_off',
      title: {
        en: 'Choose your discount',
        es: 'Elige tu descuento',
        fr: 'Choisissez votre réduction',
      },
      pointsCost: 100,
      value: money('1', currency),
      mode: 'incremental',
    }),
    reward(2, {
      kind: 'percent_off',
      title: { en: '10% off', es: '10 % de descuento', fr: '10 % de réduction' },
      pointsCost: 1_000,
      value: 100_000n,
      discount: 'percent',
      expiresAfterDays: 90,
    }),
    reward(3, {
      kind: 'free_shipping',
      title: { en: 'Free shipping', es: 'Envío gratis', fr: 'Livraison offerte' },
      pointsCost: 600,
      maxShipping: money('25', currency),
      combinesWith: { order: true, product: true, shipping: false },
    }),
  ];
}

function tiersIn(currency: string, seed: string, first: number): StoredTierSet {
  const tier = (
    name: Words,
    dollars: string,
    benefits: StoredTierSet['tiers'][number]['benefits'] = {},
  ) => ({
    tier_id: idOf(`${seed} tier ${name.en}`),
    name: { ...name },
    spend: formatAmount(money(dollars, currency)),
    points: null,
    benefits,
  });
  return {
    version: 1,
    status: 'published',
    basis: 'spend',
    period: 'calendar_year',
    grace_days: 30,
    restores_version: null,
    actor: STAFF,
    published_at: new Date(first + 40 * 60_000),
    tiers: [
      tier({ en: 'Bronze', es: 'Bronce', fr: 'Bronze' }, '0'),
      tier({ en: 'Silver', es: 'Plata', fr: 'Argent' }, '150', { entry_points: 100 }),
      tier({ en: 'Gold', es: 'Oro', fr: 'Or' }, '500', {
        points_multiplier: '1.5',
        entry_points: 250,
        early_access: true,
        free_shipping: true,
        perks: {
          en: 'A bag of every new roast',
          es: 'Una bolsa de cada tueste nuevo',
          fr: 'Un sachet de chaque nouvelle torréfaction',
        },
      }),
    ],
  };
}

/** Who has set the shop up, as Shopify numbers its owner. */
export const STAFF = 'staff:68817551383';
