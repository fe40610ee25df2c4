import type { WidgetCampaign, WidgetEarnAction, WidgetQuote } from '#proto/frontend/v1/widget.ts';
import {
  campaignNameIn,
  isDuring,
  isForMember,
  isPublished,
} from '../program/campaign-conditions.rules.ts';
import type { Campaign } from '../program/campaign-conditions.rules.ts';
import { birthdayKey, newsletterKey } from '../earning/claim.rules.ts';
import { isEligible } from '../program/earning.rules.ts';
import type { ActionRule } from '../program/earning.rules.ts';
import { exactDecimal } from '../shared/money.rules.ts';
import { multiply, ONE } from '../program/multipliers.rules.ts';
import type { EarningContext } from '../program/multipliers.rules.ts';
import { rateDecimal, rateText, type Program } from '../program/program.rules.ts';
import { addressOf } from './address.rules.ts';
import { ACTIONS, NETWORKS, type ActionName, type NetworkName } from '#vocabulary/earning.ts';
import type { Language } from '#vocabulary/languages.ts';

/** What a shopper can earn by, and how much: by the same rules that award it. */

/** What is known of the shopper; of a guest nothing. */
export interface Shopper {
  readonly tierId: string | null;
  readonly segments: readonly string[];
  readonly hasAccount: boolean;
  /** Ten-thousandths. */
  readonly totalSpend: bigint;
  /** Their first purchase would be, within 24 hours of becoming a member. */
  readonly isFirstPurchase: boolean;
  /** The merchant excludes them from the program. */
  readonly isExcluded?: boolean;
}

/** How far a member is with what is given for spending. A guest has no standing. */
export interface GoalStandings {
  /** By the campaign's id. */
  readonly campaigns: ReadonlyMap<string, { readonly spent: bigint; readonly isReached: boolean }>;
  /** Of the program's own goal; null where there is none. */
  readonly program: { readonly spent: bigint; readonly isReached: boolean } | null;
}

export const noStandings: GoalStandings = { campaigns: new Map(), program: null };

/**
 * The campaigns that are on and meant for this shopper. One that is for certain countries is left out: where an order
 * goes is known at its checkout, and points that might not come are not promised.
 */
export function campaignsOf(
  campaigns: readonly Campaign[],
  shopper: Shopper,
  now: Date,
  language: Language,
  standing: GoalStandings = noStandings,
): WidgetCampaign[] {
  return campaigns
    .filter(
      (campaign) =>
        isPublished(campaign) &&
        isDuring(campaign, now) &&
        isForMember(campaign, shopper) &&
        campaign.conditions.countries.length + campaign.conditions.regions.length === 0,
    )
    .map((campaign) => {
      const { minSpend, goalAmount } = campaign.conditions;
      const goal = standing.campaigns.get(campaign.campaignId);
      return {
        campaignId: campaign.campaignId,
        type: campaign.type,
        name: campaignNameIn(campaign, language),
        multiplier: rateText(campaign.multiplier),
        endsAt: campaign.endsAt?.toISOString() ?? '',
        minSpend: minSpend > 0n ? rateText(minSpend) : '',
        goalAmount: goalAmount > 0n ? rateText(goalAmount) : '',
        rewardPoints: campaign.reward.points,
        spent: goal === undefined ? '' : rateText(goal.spent),
        isReached: goal?.isReached ?? false,
      };
    });
}

const profiles: Record<NetworkName, string> = {
  facebook: 'https://www.facebook.com/',
  instagram: 'https://www.instagram.com/',
  x: 'https://x.com/',
  tiktok: 'https://www.tiktok.com/@',
};

/** A shop's page in a network, from its address or from its name there (`@mugs`). */
function profileOf(network: NetworkName, handle: string): string {
  const name = /^@([\w.]{1,30})$/.exec(handle)?.[1];
  return name === undefined ? addressOf(handle) : profiles[network] + name;
}

export interface Deeds {
  /** Null for a guest. */
  readonly customerId: string | null;
  /** Keys among the grants that are there. */
  readonly done: ReadonlySet<string>;
  /** The calendar year in the shop. */
  readonly year: number;
  readonly hasBirthday: boolean;
  /** What was spent towards the program's goal. */
  readonly goal?: GoalStandings['program'];
}

/** Purchases have a rule of their own; these are the actions beside them, as far as they are for this shopper. */
export function earnActionsOf(
  program: Program,
  shopper: Shopper,
  deeds: Deeds,
): WidgetEarnAction[] {
  if (!program.isActive || shopper.isExcluded === true) return [];
  const actions: WidgetEarnAction[] = [];
  if (program.isSignupEnabled) {
    actions.push({
      ...plainAction('signup', program.signupPoints),
      // A shopper with an account cannot open one, whether or not it was there before the program.
      isDone: shopper.hasAccount || deeds.done.has(`signup/${deeds.customerId}`),
    });
  }
  for (const name of ACTIONS) {
    const rule = program.earning.actions[name];
    // A guest is shown what is for all shoppers.
    if (!rule.isEnabled || rule.points === 0 || !isEligible(rule.conditions, shopper)) continue;
    const action = { ...plainAction(name, rule.points), ...deedOf(name, rule, deeds) };
    if (name !== 'social_follow' || action.networks.length > 0) actions.push(action);
  }
  return actions;
}

/** Toward the next goal: a repeating goal starts again each time it is reached. */
function goalProgress(rule: ActionRule, { spent }: { readonly spent: bigint }): bigint {
  if (spent <= 0n || rule.amount <= 0n) return 0n;
  if (rule.repeats) return spent % rule.amount;
  return spent < rule.amount ? spent : rule.amount;
}

const plainAction = (action: string, points: number): WidgetEarnAction => ({
  action,
  points,
  isDone: false,
  remaining: 0,
  isClaimable: false,
  networks: [],
  amount: '',
  spent: '',
});

/** What a shopper has done of an action, and can still do. Keys as in core/points/claim.rules.ts. */
function deedOf(
  name: ActionName,
  rule: ActionRule,
  { customerId, done, year, hasBirthday, goal = null }: Deeds,
): Partial<WidgetEarnAction> {
  switch (name) {
    case 'newsletter':
      return { isDone: done.has(newsletterKey(customerId ?? '')), isClaimable: true };
    case 'birthday':
      // Once it is known, the points come by themselves.
      return { isDone: done.has(birthdayKey(customerId ?? '', year)), isClaimable: !hasBirthday };
    case 'review':
      return { isClaimable: rule.isOnTrust };
    case 'goal_spend':
      return {
        amount: rateText(rule.amount),
        ...(goal !== null && {
          isDone: goal.isReached && !rule.repeats,
          spent: rateText(goalProgress(rule, goal)),
        }),
      };
    case 'social_follow': {
      const networks = NETWORKS.map((network) => ({
        network,
        url: profileOf(network, rule.networks[network] ?? ''),
        isDone: done.has(`social_follow/${network}/${customerId}`),
      })).filter(({ url }) => url !== '');
      return { networks, isDone: networks.every(({ isDone }) => isDone), isClaimable: true };
    }
    case 'social_share': {
      const times = [...done].filter((key) => key.startsWith('social_share/')).length;
      const networks = NETWORKS.filter((network) => rule.networks[network] !== undefined).map(
        (network) => ({ network, url: '', isDone: false }),
      );
      const remaining = Math.max(0, rule.limit - times);
      return {
        networks,
        remaining,
        isDone: rule.limit > 0 && remaining === 0,
        isClaimable: true,
      };
    }
  }
}

/**
 * What this shopper's purchases earn, by the same rule that awards them. A campaign with a least amount
 * counts once it is reached, which a single product cannot say.
 */
export function quoteOf(
  program: Program,
  shopper: Shopper | null,
  context: Pick<EarningContext, 'tierFactor' | 'campaigns'>,
  now: Date,
): WidgetQuote {
  const { earning } = program;
  const isFor =
    shopper === null ||
    (shopper.isExcluded !== true && (earning.participants === 'all' || shopper.hasAccount));
  const isOn = program.isActive && program.isPurchaseEnabled && program.rate > 0n && isFor;
  const {
    tierId = null,
    segments = [],
    hasAccount = true,
    isFirstPurchase = false,
  } = shopper ?? {};
  const { factor, over } = multiply(
    earning,
    { hasAccount, segments, tierId, isFirstPurchase, ...context },
    { orderedAt: now.toISOString(), country: '', base: 0n },
  );
  return {
    pointsPerUnit: isOn ? rateDecimal(program) : '',
    points: isOn ? Number(program.rate / ONE) : 0,
    per: Number(program.per),
    multiplier: exactDecimal(factor, over),
    excludedProductIds: earning.excludedProducts.map(({ productId }) => productId),
  };
}
