import type { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type { Entry } from '#proto/points/v1/points.ts';
import { openFirstName } from '../admin/customer-seal.ts';
import { defaultLanguageOf, languageOf, pointsNamesOf } from '../admin/merchant.rules.ts';
import { toBalanceMessage, toEntryMessage } from '../ledger/index.ts';
import { programFromConfig, toProgramMessage } from '../points/program.rules.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import {
  brandingOf,
  campaignsOf,
  earnActionsOf,
  multiplierOf,
  quoteOf,
  redemptionsOf,
  rewardsOf,
  standingOf,
  tiersOf,
} from './widget.rules.ts';
import { balanceRowOf, entryRowOf } from './widget.store.ts';
import type { WidgetRow } from './widget.store.ts';

/** Everything of the first view but its tag. */
export function toWidgetMessage(
  { encryption, clock }: Pick<CoreDependencies, 'encryption' | 'clock'>,
  merchantId: string,
  row: WidgetRow,
  askedLocale: string,
): GetWidgetResponse {
  const now = clock();
  const shopLanguage = defaultLanguageOf(row.language);
  const language = languageOf(askedLocale) ?? shopLanguage;
  const reader = { language, shopLanguage };
  const { customer_id: customerId, tier_id: tierId } = row;
  const program = programFromConfig(row.config);
  const expiries = row.expiries ?? [];
  const tiers = tiersOf(row.tiers, reader);
  const segments = Array.isArray(row.segments)
    ? row.segments.filter((segment): segment is string => typeof segment === 'string')
    : [];
  const campaigns = program.isActive ? campaignsOf(row.campaigns, { tierId, segments }) : [];
  const tier = tiers.find((one) => one.tierId === tierId);
  return {
    balance:
      customerId === null
        ? undefined
        : toBalanceMessage(
            customerId,
            row.balance === null ? undefined : balanceRowOf(row.balance, expiries[0]),
          ),
    firstName:
      customerId === null ? '' : openFirstName(encryption, merchantId, customerId, row.first_name),
    pointsName: pointsNamesOf(row.branding)[language],
    locale: language,
    program: toProgramMessage(program, row.program_updated_at),
    currency: row.currency,
    recent: (row.recent ?? []).map((entry) => forShopper(toEntryMessage(entryRowOf(entry)))),
    etag: '',
    signupDone: isDone(row.done_actions, `signup/${customerId}`),
    rewards: program.isActive ? rewardsOf(row.rewards, tiers, tierId, reader) : [],
    redemptions: redemptionsOf(
      row.redemptions,
      (rowId, sealed) =>
        encryption.decrypt(sealed, {
          merchantId,
          table: 'reward_redemptions',
          column: 'discount_code',
          rowId,
        }),
      reader,
      now,
    ),
    tiers,
    standing: customerId === null ? undefined : standingOf(tiers, tierId, row.tier_progress),
    campaigns,
    expiries: expiries.map(({ points, expires_at: at }) => ({
      points,
      expiresAt: new Date(at).toISOString(),
    })),
    earnActions: earnActionsOf(
      program,
      row.config,
      row.done_actions,
      customerId,
      yearIn(row.timezone, now),
    ),
    quote: quoteOf(program, row.config, { multiplier: multiplierOf(tier, campaigns) }),
    branding: brandingOf(row.branding, row.sticky_bar, reader),
  };
}

/** Who adjusted, and under which key, is the shop's business. */
export function forShopper(entry: Entry): Entry {
  return { ...entry, actor: '', idempotencyKey: '' };
}

const isDone = (keys: unknown, key: string): boolean => Array.isArray(keys) && keys.includes(key);

/** The calendar year in the shop. */
function yearIn(timeZone: string, now: Date): number {
  return Number(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone }).format(now));
}
