import { parseAmount } from '../shared/money.rules.ts';
import {
  ACTIONS,
  type ActionName,
  type IconName,
  type NetworkName,
  type Participants,
  type Stacking,
} from '#vocabulary/earning.ts';

export const isActionName = (name: string): name is ActionName =>
  (ACTIONS as readonly string[]).includes(name);

/** The conditions a member must meet for a rule; empty sets none. */
export interface Conditions {
  readonly tierIds: readonly string[];
  readonly segments: readonly string[];
  /** Ten-thousandths of the shop's currency. */
  readonly minSpend: bigint;
}

export interface ActionRule {
  readonly isEnabled: boolean;
  readonly points: number;
  readonly icon: IconName;
  /** How often a member may earn by it; 0 is without limit. */
  readonly limit: number;
  readonly conditions: Conditions;
  /** By network: the shop's name or address there, or nothing where it is only shared. */
  readonly networks: Readonly<Partial<Record<NetworkName, string>>>;
  readonly message: string;
  readonly daysBefore: number;
  /** Ten-thousandths of the shop's currency. */
  readonly amount: bigint;
  readonly repeats: boolean;
  readonly isOnTrust: boolean;
  /** Spending counts from here on; empty while the rule was never on. */
  readonly since: string;
}

export interface Multiplier {
  readonly isEnabled: boolean;
  /** Ten-thousandths. */
  readonly factor: bigint;
}

export interface EarningRules {
  readonly actions: Readonly<Record<ActionName, ActionRule>>;
  readonly participants: Participants;
  readonly excludedProducts: readonly { readonly productId: string; readonly title: string }[];
  readonly firstPurchase: Multiplier;
  readonly champions: Multiplier;
  readonly stacking: Stacking;
  readonly purchaseIcon: IconName;
  readonly signupIcon: IconName;
}

const noConditions: Conditions = { tierIds: [], segments: [], minSpend: 0n };
const action = (points: number, icon: IconName, more: Partial<ActionRule> = {}): ActionRule => ({
  isEnabled: false,
  points,
  icon,
  limit: 0,
  conditions: noConditions,
  networks: {},
  message: '',
  daysBefore: 0,
  amount: 0n,
  repeats: false,
  isOnTrust: false,
  since: '',
  ...more,
});

/** The product's suggested amounts; all off, so that no merchant gives what they did not choose. */
export const DEFAULT_EARNING: EarningRules = {
  actions: {
    newsletter: action(100, 'email'),
    review: action(100, 'star'),
    birthday: action(200, 'gift', { daysBefore: 30 }),
    social_follow: action(50, 'heart'),
    social_share: action(50, 'share', { limit: 5, networks: { facebook: '', x: '' } }),
    goal_spend: action(200, 'target', { amount: 1_000_000n }),
  },
  participants: 'all',
  excludedProducts: [],
  firstPurchase: { isEnabled: false, factor: 20_000n },
  champions: { isEnabled: false, factor: 15_000n },
  stacking: 'highest',
  purchaseIcon: 'cart',
  signupIcon: 'person',
};

/** What a rule asks of a member. */
export interface Standing {
  readonly tierId: string | null;
  readonly segments: readonly string[];
  /** Ten-thousandths. */
  readonly totalSpend: bigint;
  /** The merchant excludes them from the program. */
  readonly isExcluded?: boolean;
}

export function isEligible(conditions: Conditions, member: Standing): boolean {
  const { tierIds, segments, minSpend } = conditions;
  return (
    member.isExcluded !== true &&
    (tierIds.length === 0 || (member.tierId !== null && tierIds.includes(member.tierId))) &&
    (segments.length === 0 || segments.some((segment) => member.segments.includes(segment))) &&
    member.totalSpend >= minSpend
  );
}

/** A shop's own name or page in a network: `@name`, or an address at the network itself. */
export function isHandle(network: NetworkName, handle: string): boolean {
  if (/^@[\w.]{1,30}$/.test(handle)) return true;
  try {
    const { protocol, hostname, pathname } = new URL(handle);
    const host = hostname.replace(/^(www|m)\./, '');
    return protocol === 'https:' && networkHosts[network].includes(host) && pathname.length > 1;
  } catch {
    return false;
  }
}

const networkHosts: Readonly<Record<NetworkName, readonly string[]>> = {
  facebook: ['facebook.com', 'fb.com'],
  instagram: ['instagram.com'],
  x: ['x.com', 'twitter.com'],
  tiktok: ['tiktok.com'],
};

/** A decimal that JSON holds as text or as a number. */
export const decimalOf = (value: unknown): bigint | undefined =>
  typeof value === 'string' || typeof value === 'number' ? parseAmount(String(value)) : undefined;
