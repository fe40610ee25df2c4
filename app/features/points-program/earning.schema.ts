import { z } from 'zod';
import type { ActionRule, EarningRules } from '#proto/points/v1/earning.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { actionNames } from './earning-form.ts';
import type { ActionForm, EarningForm } from './earning-form.ts';
import {
  EARNING_ICONS,
  NETWORKS,
  PARTICIPANTS,
  SHARE_NETWORKS,
  STACKINGS,
  type ActionName,
} from '#vocabulary/earning.ts';

const icon = z.enum(EARNING_ICONS, 'choice');
const network = z.enum(NETWORKS, 'choice');
const words = z.string().max(300, 'too_long');
const action = z.object({
  enabled: z.boolean(),
  points: words,
  icon,
  limit: words,
  segments: z.array(z.string().max(40)).max(20),
  tierIds: z.array(z.string().max(40)).max(50),
  minSpend: words,
  handles: z.record(network, words),
  networks: z.array(network).max(4),
  message: words,
  daysBefore: words,
  amount: words,
  repeats: z.boolean(),
  onTrust: z.boolean(),
});
const earning = z.object({
  actions: z.object({
    newsletter: action,
    birthday: action,
    social_follow: action,
    social_share: action,
    review: action,
    goal_spend: action,
  } satisfies Record<ActionName, unknown>),
  participants: z.enum(PARTICIPANTS, 'choice'),
  excluded: z
    .array(z.object({ productId: z.string().regex(/^\d{1,20}$/), title: z.string().max(255) }))
    .max(250),
  firstEnabled: z.boolean(),
  firstFactor: words,
  championsEnabled: z.boolean(),
  championsFactor: words,
  stacking: z.enum(STACKINGS, 'choice'),
  purchaseIcon: icon,
  signupIcon: icon,
}) satisfies z.ZodType<EarningForm>;

type Parsed = { earning: EarningRules } | { fields: Record<string, string> };

/** The earning rules that the form describes, or a message key per invalid field. */
export function parseEarningForm(json: string, currency: string): Parsed {
  const parsed = earning.safeParse(parseJson(json));
  if (!parsed.success)
    return {
      fields: Object.fromEntries(
        parsed.error.issues.map(({ path, message }) => [fieldOf(path), message]),
      ),
    };
  const form = parsed.data;
  const fields: Record<string, string> = {};
  const actions = actionNames.map((name) => ruleOf(name, form.actions[name], currency, fields));
  const rules: EarningRules = {
    actions,
    participants: form.participants,
    excludedProducts: form.excluded,
    multipliers: {
      firstPurchase: {
        enabled: form.firstEnabled,
        multiplier: factor(form.firstFactor, form.firstEnabled, '2', 'firstFactor', fields),
      },
      champions: {
        enabled: form.championsEnabled,
        multiplier: factor(
          form.championsFactor,
          form.championsEnabled,
          '1.5',
          'championsFactor',
          fields,
        ),
      },
      stacking: form.stacking,
    },
    purchaseIcon: form.purchaseIcon,
    signupIcon: form.signupIcon,
  };
  return Object.keys(fields).length > 0 ? { fields } : { earning: rules };
}

/** [actions, social_follow, handles, x] is the field `social_follow.x`, as the form names it. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path.filter((part) => part !== 'actions' && part !== 'handles').join('.') || 'earning';

function ruleOf(
  name: ActionName,
  form: ActionForm,
  currency: string,
  fields: Record<string, string>,
): ActionRule {
  // What belongs to a rule that is off, or to another rule, cannot be seen and must not be refused.
  const whole = (
    part: string,
    text: string,
    low: number,
    high: number,
    message: string,
  ): number => {
    const value = readTypedWhole(text);
    if (value !== undefined && value >= low && value <= high) return value;
    if (form.enabled) fields[`${name}.${part}`] = message;
    return low;
  };
  const money = (part: string, text: string, isNeeded: boolean): string => {
    if (text.trim() === '' && !isNeeded) return '';
    const amount = readTypedAmount(text, currency);
    if (amount !== undefined && (!isNeeded || /[1-9]/.test(amount))) return amount;
    if (form.enabled) fields[`${name}.${part}`] = 'amount';
    return '';
  };
  const isGoal = name === 'goal_spend';
  const isLimited = name === 'review' || name === 'social_share';
  const rule: ActionRule = {
    action: name,
    enabled: form.enabled,
    points: whole('points', form.points, 1, 1_000_000, 'signup_points'),
    icon: form.icon,
    limit:
      isLimited && form.limit.trim() !== '' ? whole('limit', form.limit, 1, 1_000, 'times') : 0,
    conditions: {
      segments: form.segments,
      tierIds: form.tierIds,
      minSpend: money('minSpend', form.minSpend, false),
    },
    networks: [],
    message: form.message.trim(),
    daysBefore: name === 'birthday' ? whole('daysBefore', form.daysBefore, 0, 365, 'days') : 0,
    amount: isGoal ? money('amount', form.amount, true) : '',
    repeats: isGoal && form.repeats,
    onTrust: name === 'review' && form.onTrust,
    since: '',
  };
  if (name === 'social_follow') {
    rule.networks = NETWORKS.flatMap((one) => {
      const handle = form.handles[one].trim();
      return handle === '' ? [] : [{ network: one, handle }];
    });
    for (const { network: one, handle } of rule.networks)
      if (!isPage(handle)) fields[`${name}.${one}`] = 'social_page';
    if (form.enabled && rule.networks.length === 0) fields[`${name}.facebook`] = 'network_needed';
  }
  if (name === 'social_share') {
    rule.networks = SHARE_NETWORKS.filter((one) => form.networks.includes(one)).map((one) => ({
      network: one,
      handle: '',
    }));
    if (form.enabled && rule.networks.length === 0) fields[`${name}.networks`] = 'network_needed';
    if (form.enabled && form.networks.includes('x') && rule.message === '')
      fields[`${name}.message`] = 'required';
  }
  return rule;
}

/** Whether core takes it: `@name`, or an address; that it is the network's own, core sees. */
function isPage(handle: string): boolean {
  return /^@[\w.]{1,30}$/.test(handle) || /^https:\/\/[^\s/]+\/\S+$/.test(handle);
}

function factor(
  text: string,
  isOn: boolean,
  otherwise: string,
  name: string,
  fields: Record<string, string>,
): string {
  const value = readTypedDecimal(text, 4);
  if (value !== undefined && Number(value) >= 1 && Number(value) <= 100) return value;
  if (isOn) fields[name] = 'factor';
  return otherwise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
