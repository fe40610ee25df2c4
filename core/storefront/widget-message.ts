import { Temporal } from 'temporal-polyfill';
import type { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type { WidgetVersion } from '#proto/frontend/v1/widget.ts';
import type { Entry } from '#proto/points/v1/points.ts';
import { decryptFirstName } from '../members/customer-encryption.ts';
import { defaultLanguageOf, languageOf, pointsNamesOf } from '../merchants/merchant.rules.ts';
import { absenceOf } from '../members/participation.rules.ts';
import { toBalanceMessage, toEntryMessage } from '../ledger/index.ts';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { programFromConfig, toProgramMessage } from '../program/program.rules.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { showsPointsAtCheckout } from './content.rules.ts';
import { campaignsOf, earnActionsOf, noStandings, quoteOf } from './widget-earning.rules.ts';
import type { GoalStandings, Shopper } from './widget-earning.rules.ts';
import { offersOf } from './widget-offers.rules.ts';
import {
  brandingOf,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tierFactorOf,
  tiersOf,
} from './widget.rules.ts';
import { balanceRowOf, entryRowOf } from './widget.store.ts';
import type { VersionRow, WidgetRow } from './widget.store.ts';

/** Everything of the first view but its tag. */
export function toWidgetMessage(
  { encryption, clock }: Pick<CoreDependencies, 'encryption' | 'clock'>,
  merchantId: string,
  row: WidgetRow,
  askedLocale: string,
  standings: GoalStandings = noStandings,
): GetWidgetResponse {
  const now = clock();
  const shopLanguage = defaultLanguageOf(row.language);
  const language = languageOf(askedLocale) ?? shopLanguage;
  const reader = { language, shopLanguage };
  const { customer_id: customerId, tier_id: tierId } = row;
  const program = programFromConfig({
    ...(row.config as object),
    dynamic_multipliers: row.dynamic_multipliers,
  });
  // Who is excluded is offered nothing, as while the program is off.
  const isOffered = program.isActive && row.absence === null;
  const expiries = row.expiries ?? [];
  const { gifts } = row;
  const tiers =
    row.tier_basis === null ? [] : tiersOf(row.tiers, reader, gifts.tier_rewards ?? undefined);
  const shopper = shopperOf(row);
  const campaigns = (row.campaigns ?? []).map(campaignFromRow);
  const deeds = deedsOf(row, now, standings);
  return {
    balance: balanceOf(row, expiries[0]),
    firstName:
      customerId === null
        ? ''
        : decryptFirstName(encryption, merchantId, customerId, row.first_name),
    pointsName: pointsNamesOf(row.branding)[language],
    locale: language,
    program: toProgramMessage(program, row.program_updated_at),
    currency: row.currency,
    recent: (row.recent ?? []).map((entry) => forShopper(toEntryMessage(entryRowOf(entry)))),
    etag: '',
    signupDone: deeds.done.has(`signup/${customerId}`),
    rewards: isOffered
      ? [
          ...offersOf(gifts.campaigns ?? [], shopper, now, language, row.granted),
          ...rewardsOf(row.rewards, tiers, shopper, reader, row.granted),
        ]
      : [],
    redemptions: redemptionsOf(row.redemptions, codeOpener(encryption, merchantId), reader, now),
    tiers,
    standing: customerId === null ? undefined : standingOf(tiers, tierId, row.tier_progress),
    campaigns: isOffered ? campaignsOf(campaigns, shopper, now, language, standings) : [],
    tierBasis: row.tier_basis ?? '',
    expiries: expiries.map(({ points, expires_at: at }) => ({
      points,
      expiresAt: new Date(at).toISOString(),
    })),
    earnActions: earnActionsOf(program, shopper, deeds),
    absence: absenceOf(row.absence) ?? '',
    quote: quoteOf(
      program,
      customerId === null ? null : shopper,
      { tierFactor: tierFactorOf(row.tiers, tierId), campaigns },
      now,
    ),
    branding: brandingOf(
      { branding: row.branding, stickyBar: row.sticky_bar, config: row.config },
      reader,
    ),
    showsPointsAtCheckout: showsPointsAtCheckout(row.config),
    version: toVersionMessage(row),
  };
}

/** The shopper, as far as it decides what is shown to them. */
const shopperOf = (row: WidgetRow): Shopper => ({
  tierId: row.tier_id,
  segments: Array.isArray(row.segments)
    ? row.segments.filter((segment): segment is string => typeof segment === 'string')
    : [],
  hasAccount: row.has_account,
  totalSpend: parseAmount(row.total_spend ?? '0') ?? 0n,
  isFirstPurchase: row.is_new,
  isExcluded: row.absence !== null,
});

/** What they already did and entered. */
const deedsOf = (row: WidgetRow, now: Date, standings: GoalStandings) => ({
  customerId: row.customer_id,
  done: new Set(row.done_actions ?? []),
  year: yearIn(row.timezone, now),
  hasBirthday: row.birthday_md !== null,
  goal: standings.program,
});

function balanceOf(
  { customer_id: customerId, balance, pending }: WidgetRow,
  expiry: Parameters<typeof balanceRowOf>[1],
) {
  if (customerId === null) return undefined;
  return toBalanceMessage(
    customerId,
    balance === null ? undefined : balanceRowOf(balance, expiry),
    pending,
  );
}

const codeOpener =
  (encryption: CoreDependencies['encryption'], merchantId: string) =>
  (rowId: string, encrypted: Buffer): string =>
    encryption.decrypt(encrypted, {
      merchantId,
      table: 'reward_redemptions',
      column: 'discount_code',
      rowId,
    });

export function toVersionMessage(row: VersionRow): WidgetVersion {
  return {
    customerId: row.view_customer_id ?? '',
    version: row.view_version,
    balance: row.view_balance,
    tag: row.view_tag,
    contentVersion: row.content_version,
    nextChangeAt: row.next_change_at?.toISOString() ?? '',
  };
}

/** Who adjusted, under which key, and what is left of each credit is the shop's business. */
export function forShopper(entry: Entry): Entry {
  return { ...entry, actor: '', idempotencyKey: '', lotRemaining: 0, lotExpiresAt: '' };
}

/** The calendar year in the shop. */
function yearIn(timeZone: string, now: Date): number {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).year;
}
