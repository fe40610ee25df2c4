import type {
  ActionRule as ActionMessage,
  EarningRules as EarningMessage,
  MultiplierRule as MultiplierMessage,
} from '#proto/points/v1/earning.ts';
import { factorText, recordOf } from './earning-config.rules.ts';
import {
  isActionName,
  isHandle,
  type ActionRule,
  type Conditions,
  type EarningRules,
  type Multiplier,
} from './earning.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import {
  ACTIONS,
  EARNING_ICONS,
  NETWORKS,
  PARTICIPANTS,
  SHARE_NETWORKS,
  STACKINGS,
  type ActionName,
  type IconName,
  type NetworkName,
} from '#vocabulary/earning.ts';

/** Bounds of earning rules; beyond them a typing mistake is more likely than a wish. */
export const EARNING_LIMITS = {
  maxPoints: 1_000_000,
  maxTimes: 1_000,
  maxDaysBefore: 365,
  maxAmount: 1_000_000_000n * 10_000n,
  maxFactor: 100n * 10_000n,
  maxProducts: 250,
} as const;

export interface EarningProblem {
  readonly field: string;
  readonly message: string;
}

export function toEarningMessage(rules: EarningRules): EarningMessage {
  const multiplier = ({ isEnabled, factor }: Multiplier): MultiplierMessage => ({
    enabled: isEnabled,
    multiplier: factorText(factor),
  });
  return {
    actions: ACTIONS.map((name) => {
      const rule = rules.actions[name];
      return {
        action: name,
        enabled: rule.isEnabled,
        points: rule.points,
        icon: rule.icon,
        limit: rule.limit,
        conditions: {
          tierIds: [...rule.conditions.tierIds],
          segments: [...rule.conditions.segments],
          minSpend: rule.conditions.minSpend > 0n ? formatAmount(rule.conditions.minSpend) : '',
        },
        networks: NETWORKS.flatMap((network) => {
          const handle = rule.networks[network];
          return handle === undefined ? [] : [{ network, handle }];
        }),
        message: rule.message,
        daysBefore: rule.daysBefore,
        amount: formatAmount(rule.amount),
        repeats: rule.repeats,
        onTrust: rule.isOnTrust,
        since: rule.since,
      };
    }),
    participants: rules.participants,
    excludedProducts: [...rules.excludedProducts],
    multipliers: {
      firstPurchase: multiplier(rules.firstPurchase),
      champions: multiplier(rules.champions),
      stacking: rules.stacking,
    },
    purchaseIcon: rules.purchaseIcon,
    signupIcon: rules.signupIcon,
  };
}

/** Throws its problem out of the reading of a rule; caught where the reading began. */
class Refused extends Error {
  readonly problem: EarningProblem;
  constructor(field: string, message: string) {
    super(message);
    this.problem = { field: `program.earning.${field}`, message };
  }
}

/** Reads earning rules from a message. @returns the problem with the first field that is out of bounds. */
export function earningFromMessage(
  message: EarningMessage,
  before: EarningRules,
  now: Date,
): EarningRules | EarningProblem {
  try {
    return read(message, before, now);
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

function read(message: EarningMessage, before: EarningRules, now: Date): EarningRules {
  const told = new Map<ActionName, ActionMessage>();
  for (const action of message.actions) {
    if (!isActionName(action.action))
      throw new Refused('actions.action', 'is not an action that earns points');
    if (told.has(action.action)) throw new Refused('actions.action', 'stands twice');
    told.set(action.action, action);
  }
  const { excludedProducts } = message;
  const participants = PARTICIPANTS.find((known) => known === message.participants);
  if (participants === undefined) throw new Refused('participants', PARTICIPANTS.join(' or '));
  if (excludedProducts.length > EARNING_LIMITS.maxProducts)
    throw new Refused('excluded_products', `at most ${EARNING_LIMITS.maxProducts} products`);
  if (excludedProducts.some(({ productId }) => !/^\d{1,20}$/.test(productId)))
    throw new Refused('excluded_products.product_id', 'must be a numeric Shopify id');
  const stackingAsked = message.multipliers?.stacking ?? before.stacking;
  const stacking = STACKINGS.find((known) => known === stackingAsked);
  if (stacking === undefined) throw new Refused('multipliers.stacking', STACKINGS.join(' or '));
  return {
    actions: recordOf((name) => {
      const one = told.get(name);
      return one === undefined
        ? before.actions[name]
        : readAction(name, one, before.actions[name], now);
    }),
    participants,
    excludedProducts: excludedProducts.map(({ productId, title }) => ({
      productId,
      title: title.slice(0, 255),
    })),
    firstPurchase: readMultiplier(
      'first_purchase',
      message.multipliers?.firstPurchase,
      before.firstPurchase,
    ),
    champions: readMultiplier('champions', message.multipliers?.champions, before.champions),
    stacking,
    purchaseIcon: readIcon('purchase_icon', message.purchaseIcon, before.purchaseIcon),
    signupIcon: readIcon('signup_icon', message.signupIcon, before.signupIcon),
  };
}

function readAction(
  name: ActionName,
  message: ActionMessage,
  before: ActionRule,
  now: Date,
): ActionRule {
  const field = (part: string) => `actions.${name}.${part}`;
  const whole = (part: string, value: number, low: number, high: number) => {
    if (!Number.isSafeInteger(value) || value < low || value > high)
      throw new Refused(field(part), `a whole number from ${low} to ${high}`);
    return value;
  };
  const { maxPoints, maxTimes, maxDaysBefore, maxAmount } = EARNING_LIMITS;
  const amount = parseAmount(message.amount === '' ? '0' : message.amount);
  if (amount === undefined || amount < 0n || amount > maxAmount)
    throw new Refused(field('amount'), 'an amount of money');
  if (name === 'goal_spend' && message.enabled && amount === 0n)
    throw new Refused(field('amount'), 'more than 0 while the rule is on');
  const networks = readNetworks(name, message, field);
  return {
    isEnabled: message.enabled,
    points: whole('points', message.points, message.enabled ? 1 : 0, maxPoints),
    icon: readIcon(field('icon'), message.icon, before.icon),
    limit: whole('limit', message.limit, 0, maxTimes),
    conditions: readConditions(message, field),
    networks,
    message: message.message.slice(0, 280),
    daysBefore: whole('days_before', message.daysBefore, 0, maxDaysBefore),
    amount,
    repeats: message.repeats,
    isOnTrust: message.onTrust,
    since:
      name !== 'goal_spend'
        ? ''
        : message.enabled && !before.isEnabled
          ? now.toISOString()
          : before.since,
  };
}

function readNetworks(
  name: ActionName,
  message: ActionMessage,
  field: (part: string) => string,
): ActionRule['networks'] {
  const networks: Partial<Record<NetworkName, string>> = {};
  for (const { network, handle } of message.networks) {
    const known = NETWORKS.find((one) => one === network);
    if (
      known === undefined ||
      (name === 'social_share' && !SHARE_NETWORKS.some((one) => one === known))
    )
      throw new Refused(field('networks'), 'is not a network for this rule');
    const text = handle.trim();
    if (name === 'social_follow') {
      // A network without a name there is not offered.
      if (text === '') continue;
      if (!isHandle(known, text))
        throw new Refused(field(`networks.${known}`), '@name or the address of the shop there');
    }
    networks[known] = text;
  }
  const isSocial = name === 'social_follow' || name === 'social_share';
  if (isSocial && message.enabled && Object.keys(networks).length === 0)
    throw new Refused(field('networks'), 'at least one while the rule is on');
  // X posts nothing without words.
  if (
    name === 'social_share' &&
    message.enabled &&
    'x' in networks &&
    message.message.trim() === ''
  )
    throw new Refused(field('message'), 'must not be empty when X is among the networks');
  return networks;
}

function readConditions(message: ActionMessage, field: (part: string) => string): Conditions {
  const { tierIds = [], segments = [], minSpend = '' } = message.conditions ?? {};
  const amount = parseAmount(minSpend === '' ? '0' : minSpend);
  if (amount === undefined || amount < 0n || amount > EARNING_LIMITS.maxAmount)
    throw new Refused(field('conditions.min_spend'), 'an amount of money');
  if (tierIds.length > 50 || segments.length > 50)
    throw new Refused(field('conditions'), 'at most 50 tiers and 50 segments');
  return { tierIds: [...new Set(tierIds)], segments: [...new Set(segments)], minSpend: amount };
}

function readMultiplier(
  name: string,
  message: MultiplierMessage | undefined,
  before: Multiplier,
): Multiplier {
  if (message === undefined) return before;
  const factor = parseAmount(message.multiplier);
  if (factor === undefined || factor < 10_000n || factor > EARNING_LIMITS.maxFactor)
    throw new Refused(
      `multipliers.${name}.multiplier`,
      'a number from 1 to 100 with at most four decimals',
    );
  return { isEnabled: message.enabled, factor };
}

function readIcon(field: string, icon: string, before: IconName): IconName {
  if (icon === '') return before;
  const known = EARNING_ICONS.find((name) => name === icon);
  if (known === undefined) throw new Refused(field, `one of ${EARNING_ICONS.join(', ')}`);
  return known;
}
