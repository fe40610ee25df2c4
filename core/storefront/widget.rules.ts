import type {
  WidgetBranding,
  WidgetRedemption,
  WidgetReward,
  WidgetTier,
  WidgetTierStanding,
} from '#proto/frontend/v1/widget.ts';
import { countOf, jsonObject, textOf } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { wordsIn } from '../shared/words.rules.ts';
import { rateText } from '../program/program.rules.ts';
import { isReturnable } from '../rewards/redemption.rules.ts';
import { isKind, kindRules, missingPermissions } from '../rewards/rewards.rules.ts';
import { pictureOf } from './address.rules.ts';
import { contentFrom } from './content.rules.ts';
import type { StoredContent } from './content.rules.ts';
import type { Shopper } from './widget-earning.rules.ts';
import type { Language } from '#vocabulary/languages.ts';

/**
 * What the rows of the program mean to a shopper. Rows come as JSON, written by other features and by merchants:
 * whatever is missing or malformed is left out, and nothing of it can break the widget.
 */

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const strings = (value: unknown): string[] => list(value).map(textOf).filter(Boolean);

/** A positive amount as the shortest decimal string (`5`, `12.5`); empty for anything else. */
const amount = (value: unknown): string => {
  const parsed = parseAmount(typeof value === 'number' ? String(value) : textOf(value));
  return parsed === undefined || parsed <= 0n ? '' : rateText(parsed);
};

export interface Reader {
  readonly language: Language;
  readonly shopLanguage: Language;
}

export function rewardsOf(
  rows: unknown,
  tiers: readonly WidgetTier[],
  shopper: Shopper,
  { language, shopLanguage }: Reader,
  granted: string | null = null,
): WidgetReward[] {
  const names = new Map(tiers.map((tier) => [tier.tierId, tier.name]));
  const { tierId } = shopper;
  return (
    list(rows)
      .map(jsonObject)
      // What is for certain segments is shown to them only: a shopper must not learn how they are segmented.
      .filter((row) =>
        holds(jsonObject(row['config'])['segments'], (one) => shopper.segments.includes(one)),
      )
      // What the shop has not allowed the app to give would fail after the points are held.
      .filter((row) => isGrantable(textOf(row['type']), granted))
      .sort((one, other) => positionOf(one) - positionOf(other))
      .map((row) => {
        const config = jsonObject(row['config']);
        const tierIds = strings(config['tier_ids']);
        return {
          rewardId: textOf(row['reward_id']),
          // A coupon of a percentage is to a shopper what a percentage off is.
          kind:
            textOf(row['type']) === 'coupon' && config['discount'] === 'percent'
              ? 'percent_off'
              : textOf(row['type']),
          title: wordsIn(row['title'], language, shopLanguage),
          pointsCost: countOf(row['points_cost']),
          value: amount(row['value']),
          incremental: config['mode'] === 'incremental',
          minPoints: countOf(config['min_points']),
          maxPoints: countOf(config['max_points']),
          minPurchase: amount(config['min_purchase']),
          maxShipping: amount(config['max_shipping']),
          expiresAfterDays: countOf(config['expires_after_days']),
          iconUrl: pictureOf(row['icon_url']),
          tierNames: tierIds.flatMap((id) => names.get(id) ?? []),
          isEligible: tierIds.length === 0 || (tierId !== null && tierIds.includes(tierId)),
          isOffer: false,
          endsAt: '',
          description: wordsIn(config['description'], language, shopLanguage),
        };
      })
      .filter(({ rewardId, pointsCost }) => rewardId !== '' && pointsCost > 0)
  );
}

/** Whether the shop allows what a kind of reward takes; what is no kind of ours is not ours to judge. */
export const isGrantable = (kind: string, granted: string | null): boolean =>
  !isKind(kind) || missingPermissions(kind, granted).length === 0;

/** Where the merchant put it in the list; rewards without a place keep their order behind the placed ones. */
const positionOf = (row: Json): number => {
  const position = jsonObject(row['config'])['position'];
  return typeof position === 'number' ? position : Number.MAX_SAFE_INTEGER;
};

export function redemptionsOf(
  rows: unknown,
  decryptCode: (redemptionId: string, encrypted: Buffer) => string,
  { language, shopLanguage }: Reader,
  now: Date,
): WidgetRedemption[] {
  return list(rows)
    .map(jsonObject)
    .map((row) => {
      const redemptionId = textOf(row['redemption_id']);
      const encrypted = textOf(row['discount_code']);
      const expiresAt = instant(row['expires_at']);
      const isUsed = textOf(row['used_order_id']) !== '';
      const status = textOf(row['status']);
      // What was promised is stored with the redemption; the reward itself may have changed since.
      const terms = jsonObject(row['terms']);
      const kind = textOf(terms['kind']) || textOf(row['reward_type']);
      return {
        redemptionId,
        kind,
        title: wordsIn(terms['title'] ?? row['reward_title'], language, shopLanguage),
        status,
        code:
          encrypted === '' || status !== 'completed'
            ? ''
            : decryptCode(redemptionId, Buffer.from(encrypted, 'base64')),
        pointsSpent: countOf(row['points_spent']),
        value: amount(terms['percent'] ?? row['value']),
        isPercent: textOf(terms['percent']) !== '' || kind === 'percent_off',
        expiresAt,
        isUsed,
        isReturnable:
          instant(row['return_requested_at']) === '' &&
          isReturnable(
            {
              status,
              isCode: isKind(kind) && kindRules[kind].isCode,
              pointsSpent: countOf(row['points_spent']),
              isUsed,
              hasCode: encrypted !== '',
              expiresAt: expiresAt === '' ? null : new Date(expiresAt),
            },
            now,
          ),
        createdAt: instant(row['created_at']),
      };
    });
}

const instant = (value: unknown): string => {
  const at = new Date(textOf(value));
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
};

/** @param entryRewards what entering a tier gives is called, by the tier's id */
export function tiersOf(
  rows: unknown,
  { language, shopLanguage }: Reader,
  entryRewards: Json = {},
): WidgetTier[] {
  return list(rows)
    .map(jsonObject)
    .filter((row) => instant(row['retired_at']) === '')
    .map((row) => {
      const benefits = jsonObject(row['benefits']);
      const multiplier = amount(benefits['points_multiplier']);
      return {
        tierId: textOf(row['tier_id']),
        name: wordsIn(row['name'], language, shopLanguage),
        spendThreshold: amount(row['spend_threshold']),
        pointsThreshold: countOf(row['points_threshold']),
        pointsMultiplier: multiplier === '1' ? '' : multiplier,
        entryPoints: countOf(benefits['entry_points']),
        hasFreeShipping: benefits['free_shipping'] === true,
        hasEarlyAccess: benefits['early_access'] === true,
        perks: wordsIn(benefits['perks'], language, shopLanguage),
        entryReward: wordsIn(entryRewards[textOf(row['tier_id'])], language, shopLanguage),
      };
    })
    .filter(({ tierId, name }) => tierId !== '' && name !== '');
}

/** Ten-thousandths; null when the tier a shopper holds, retired or not, has none. */
export function tierFactorOf(rows: unknown, tierId: string | null): bigint | null {
  const held = list(rows)
    .map(jsonObject)
    .find((row) => row['tier_id'] === tierId);
  return parseAmount(amount(jsonObject(held?.['benefits'])['points_multiplier'])) ?? null;
}

export function standingOf(
  tiers: readonly WidgetTier[],
  tierId: string | null,
  progress: unknown,
): WidgetTierStanding | undefined {
  if (tiers.length === 0) return undefined;
  const stored = jsonObject(progress);
  return {
    // A tier that is no longer in force says nothing to a shopper.
    tierId: tiers.some((tier) => tier.tierId === tierId) ? (tierId ?? '') : '',
    spend: amount(stored['spend']),
    points: countOf(stored['points']),
    qualifiedUntil: instant(stored['qualified_until']),
    graceUntil: instant(stored['grace_until']),
  };
}

/** An empty condition always holds. */
const holds = (wanted: unknown, test: (value: string) => boolean): boolean =>
  list(wanted).length === 0 || strings(wanted).some(test);

export function brandingOf(
  stored: StoredContent,
  { language, shopLanguage }: Reader,
): WidgetBranding {
  const { launcher, panel, stickyBar, page, postPurchase } = contentFrom(stored);
  const words = (value: unknown) => wordsIn(value, language, shopLanguage);
  const barText = words(stickyBar?.text);
  return {
    launcherColor: launcher?.color ?? '',
    launcherPosition: launcher?.position ?? '',
    launcherIcon: launcher?.icon ?? '',
    launcherText: words(launcher?.text),
    panelColor: panel?.color ?? '',
    logoUrl: panel?.logoUrl ?? '',
    welcome: words(panel?.welcome),
    pageColor: page?.color ?? '',
    pageTitle: words(page?.title),
    hasStickyBar: stickyBar?.enabled === true && barText !== '',
    stickyBarText: barText,
    stickyBarColor: stickyBar?.color ?? '',
    stickyBarLink: stickyBar?.link ?? '',
    hasPostPurchase: postPurchase?.enabled ?? true,
    postPurchaseText: words(postPurchase?.text),
  };
}
