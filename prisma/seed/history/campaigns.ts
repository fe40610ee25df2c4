import { amountLike } from '#app/i18n/currency-size.ts';
import { conditionsIntoJson, rewardIntoJson } from '#core/campaigns/campaign.rules.ts';
import type { CampaignRow } from '#core/program/campaign-conditions.rules.ts';
import { money } from './amounts.ts';
import { DAY, type ShopCalendar } from './calendar.ts';
import { idOf } from './dice.ts';
import { isBlackFriday } from './shopping.ts';

interface Plan {
  readonly name: string;
  readonly es?: string;
  readonly fr?: string;
  readonly type: string;
  readonly multiplier?: string;
  readonly from: number | null;
  readonly to?: number | null;
  readonly conditions?: Parameters<typeof conditionsIntoJson>[0];
  readonly reward?: Parameters<typeof rewardIntoJson>[0];
  readonly isDraft?: boolean;
}

const NO_CONDITIONS: Parameters<typeof conditionsIntoJson>[0] = {
  segments: [],
  tierIds: [],
  countries: [],
  regions: [],
  minSpend: 0n,
  goalAmount: 0n,
  trigger: undefined,
  segment: '',
  cooldownDays: 0,
};
const points = (many: number) => ({ points: many, discount: undefined });

type DayStart = (daysAgo: number) => number;

/** Campaigns of the past year, some that run now, one to come and a draft. */
export function campaignRows(
  currency: string,
  seed: string,
  calendar: ShopCalendar,
  first: number,
  last: number,
): CampaignRow[] {
  const day: DayStart = (daysAgo) => calendar.at(calendar.dayOf(last - daysAgo * DAY).index, 0);
  return [
    ...pastPlans(currency, day, blackFriday(calendar, first, last)),
    ...openPlans(currency, day, idOf(`${seed} tier Gold`)),
  ].map((plan) => rowOf(plan, seed, last));
}

function pastPlans(
  currency: string,
  day: DayStart,
  weekend: readonly { readonly from: number; readonly to: number }[],
): Plan[] {
  const hundred = (locale: string): string =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: 0,
    }).format(Number(amountLike('100', currency)));
  return [
    {
      name: 'Welcome gift',
      es: 'Regalo de bienvenida',
      fr: 'Cadeau de bienvenue',
      type: 'lifecycle',
      from: null,
      conditions: only({ trigger: 'first_order' }),
      reward: points(50),
    },
    ...weekend.map(({ from, to }) => ({
      name: 'Black Friday: double points',
      es: 'Black Friday: puntos dobles',
      fr: 'Black Friday : points doublés',
      type: 'double_points',
      multiplier: '2',
      from,
      to,
    })),
    {
      name: `Spring: spend ${hundred('en-US')}, get 300 points`,
      es: `Primavera: gasta ${hundred('es')} y recibe 300 puntos`,
      fr: `Printemps : dépensez ${hundred('fr')}, recevez 300 points`,
      type: 'goal_spend',
      from: day(238),
      to: day(200),
      conditions: only({ goalAmount: money('100', currency) }),
      reward: points(300),
    },
    {
      name: 'Summer bonus',
      es: 'Extra de verano',
      fr: "Bonus d'été",
      type: 'goal_spend',
      from: day(150),
      to: day(128),
      conditions: only({ minSpend: money('50', currency) }),
      reward: points(75),
    },
  ];
}

function openPlans(currency: string, day: DayStart, goldTier: string): Plan[] {
  return [
    {
      name: 'Double points in Europe',
      es: 'Puntos dobles en Europa',
      fr: 'Points doublés en Europe',
      type: 'double_points',
      multiplier: '2',
      from: day(75),
      conditions: only({ regions: ['EU'] }),
    },
    {
      name: 'We miss you',
      es: 'Te echamos de menos',
      fr: 'Vous nous manquez',
      type: 'lifecycle',
      from: day(215),
      conditions: only({ trigger: 'segment_entered', segment: 'at_risk', cooldownDays: 90 }),
      reward: points(100),
    },
    {
      name: 'Gold thank-you: 15% off',
      es: 'Gracias a los miembros Oro: 15 % de descuento',
      fr: 'Merci aux membres Or : 15 % de réduction',
      type: 'discount',
      from: day(18),
      to: day(-17),
      conditions: only({
        tierIds: [goldTier],
        minSpend: money('30', currency),
      }),
      reward: {
        points: 0,
        discount: {
          kind: 'percent_off',
          value: 150_000n,
          expiresAfterDays: 30,
          endsWithCampaign: true,
        },
      },
    },
    {
      name: 'New roast weekend: triple points',
      es: 'Fin de semana del nuevo tueste: puntos triples',
      fr: 'Week-end de la nouvelle torréfaction : points triplés',
      type: 'double_points',
      multiplier: '3',
      from: day(-11),
      to: day(-14),
    },
    { name: 'Quiet January', type: 'goal_spend', from: null, reward: points(25), isDraft: true },
  ];
}

const only = (changes: Partial<typeof NO_CONDITIONS>) => ({ ...NO_CONDITIONS, ...changes });

function rowOf(plan: Plan, seed: string, last: number): CampaignRow {
  const { from, to = null } = plan;
  const status = plan.isDraft
    ? 'draft'
    : to !== null && to <= last
      ? 'ended'
      : from !== null && from > last
        ? 'scheduled'
        : 'active';
  return {
    campaign_id: idOf(`${seed} campaign ${plan.name}`),
    name: plan.name,
    translations: { ...(plan.es && { es: plan.es }), ...(plan.fr && { fr: plan.fr }) },
    type: plan.type,
    status,
    start_date: from === null ? null : new Date(from),
    end_date: to === null ? null : new Date(to),
    multiplier: plan.multiplier ?? '1',
    conditions: conditionsIntoJson(plan.conditions ?? NO_CONDITIONS),
    reward: rewardIntoJson(plan.reward ?? points(0)),
  };
}

/** The latest weekend of that kind that has begun; none in a shop that is younger. */
function blackFriday(calendar: ShopCalendar, first: number, last: number) {
  const friday = calendar.days.findLast(
    (day) =>
      day.weekday === 5 && isBlackFriday(day) && day.startsAt >= first && day.startsAt <= last,
  );
  return friday === undefined
    ? []
    : [{ from: friday.startsAt, to: calendar.at(friday.index + 4, 0) }];
}
