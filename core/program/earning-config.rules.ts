import { jsonObject, textsOf } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import {
  decimalOf,
  DEFAULT_EARNING,
  type ActionRule,
  type Conditions,
  type EarningRules,
  type Multiplier,
} from './earning.rules.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { EARNING_ICONS, NETWORKS, type ActionName, type IconName } from '#vocabulary/earning.ts';

/** Earning rules as program_settings keeps them: `config.earning`, and `dynamic_multipliers` beside it. */

/** @param earning config.earning @param multipliers program_settings.dynamic_multipliers */
export function earningFromConfig(earning: unknown, multipliers: unknown): EarningRules {
  const root = jsonObject(earning);
  const actions = jsonObject(root['actions']);
  const dynamic = jsonObject(multipliers);
  const enabled = textsOf(dynamic['enabled']);
  const multiplier = (name: string, fallback: Multiplier): Multiplier => ({
    isEnabled: enabled.includes(name),
    factor: decimalOf(dynamic[name]) ?? fallback.factor,
  });
  return {
    actions: recordOf((name) => actionFromConfig(actions[name], DEFAULT_EARNING.actions[name])),
    participants: root['participants'] === 'accounts' ? 'accounts' : 'all',
    excludedProducts: Array.isArray(root['excluded_products'])
      ? root['excluded_products'].flatMap((item) => {
          const { product_id: productId, title } = jsonObject(item);
          return typeof productId === 'string'
            ? [{ productId, title: typeof title === 'string' ? title : '' }]
            : [];
        })
      : [],
    firstPurchase: multiplier('first_purchase_24h', DEFAULT_EARNING.firstPurchase),
    champions: multiplier('rfm_champion', DEFAULT_EARNING.champions),
    stacking: dynamic['stacking'] === 'multiply' ? 'multiply' : 'highest',
    purchaseIcon: iconOf(root['icon'], DEFAULT_EARNING.purchaseIcon),
    signupIcon: iconOf(jsonObject(actions['signup'])['icon'], DEFAULT_EARNING.signupIcon),
  };
}

function actionFromConfig(stored: unknown, fallback: ActionRule): ActionRule {
  const root = jsonObject(stored);
  const networks = jsonObject(root['networks']);
  const whole = (name: string, otherwise: number) => {
    const value = root[name];
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : otherwise;
  };
  const word = (name: string) => {
    const value = root[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    isEnabled: root['enabled'] === true,
    points: whole('points', fallback.points),
    icon: iconOf(root['icon'], fallback.icon),
    limit: whole('limit', fallback.limit),
    conditions: conditionsFromConfig(root['conditions']),
    networks:
      root['networks'] === undefined
        ? fallback.networks
        : Object.fromEntries(
            NETWORKS.flatMap((name) => {
              const handle = networks[name];
              return typeof handle === 'string' ? [[name, handle]] : [];
            }),
          ),
    message: word('message'),
    daysBefore: whole('days_before', fallback.daysBefore),
    amount: decimalOf(root['amount']) ?? fallback.amount,
    repeats: root['repeats'] === true,
    isOnTrust: root['on_trust'] === true,
    since: word('since'),
  };
}

function conditionsFromConfig(stored: unknown): Conditions {
  const root = jsonObject(stored);
  return {
    tierIds: textsOf(root['tier_ids']),
    segments: textsOf(root['segments']),
    minSpend: decimalOf(root['min_spend']) ?? 0n,
  };
}

/** `config.earning`, over what is stored there; the purchase and sign-up rules are the caller's. */
export function earningIntoConfig(stored: unknown, rules: EarningRules): Json {
  const root = jsonObject(stored);
  const actions = jsonObject(root['actions']);
  return {
    ...root,
    icon: rules.purchaseIcon,
    participants: rules.participants,
    excluded_products: rules.excludedProducts.map(({ productId, title }) => ({
      product_id: productId,
      title,
    })),
    actions: {
      ...actions,
      signup: { ...jsonObject(actions['signup']), icon: rules.signupIcon },
      ...recordOf((name) => actionIntoConfig(rules.actions[name])),
    },
  };
}

function actionIntoConfig(rule: ActionRule): Json {
  const { tierIds, segments, minSpend } = rule.conditions;
  return {
    enabled: rule.isEnabled,
    points: rule.points,
    icon: rule.icon,
    limit: rule.limit,
    conditions: {
      ...(tierIds.length > 0 && { tier_ids: tierIds }),
      ...(segments.length > 0 && { segments }),
      ...(minSpend > 0n && { min_spend: formatAmount(minSpend) }),
    },
    networks: rule.networks,
    message: rule.message,
    days_before: rule.daysBefore,
    amount: formatAmount(rule.amount),
    repeats: rule.repeats,
    on_trust: rule.isOnTrust,
    ...(rule.since !== '' && { since: rule.since }),
  };
}

/** `dynamic_multipliers`, over what is stored there. */
export function multipliersIntoJson(stored: unknown, rules: EarningRules): Json {
  const { firstPurchase, champions, stacking } = rules;
  return {
    ...jsonObject(stored),
    first_purchase_24h: Number(factorText(firstPurchase.factor)),
    rfm_champion: Number(factorText(champions.factor)),
    enabled: [
      ...(firstPurchase.isEnabled ? ['first_purchase_24h'] : []),
      ...(champions.isEnabled ? ['rfm_champion'] : []),
    ],
    stacking,
  };
}

/** `2`, `1.5`: a factor without needless zeros. */
export const factorText = (factor: bigint): string => formatAmount(factor).replace(/\.?0+$/, '');

const iconOf = (value: unknown, fallback: IconName): IconName =>
  EARNING_ICONS.find((name) => name === value) ?? fallback;

/** A value for each action. */
export const recordOf = <Value>(
  valueOf: (name: ActionName) => Value,
): Record<ActionName, Value> => ({
  newsletter: valueOf('newsletter'),
  review: valueOf('review'),
  birthday: valueOf('birthday'),
  social_follow: valueOf('social_follow'),
  social_share: valueOf('social_share'),
  goal_spend: valueOf('goal_spend'),
});
