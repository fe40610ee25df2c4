import type { Recovery, RecoveryOptions, ShopRecovery } from './recover.ts';

const mostMembers = 20;

/** For the person who restores: what was done, what is left to do, what is lost. */
export function recoveryReport(
  { erasures, shops, isComplete }: Recovery,
  { since }: RecoveryOptions,
  now: Date,
): string[] {
  return [
    `From ${since.toISOString()} to ${now.toISOString()}:`,
    ...(erasures === undefined
      ? []
      : [
          `  erased again: ${erasures.people} people, ${erasures.shops} shops; ${erasures.withoutShop} of shops that are not here`,
          ...erasures.keptShops.map(
            (shop) => `  not erased, because the app is installed again: ${shop}`,
          ),
          ...erasures.failed.map((id) => `  FAILED to erase again: ${id}`),
        ]),
    ...shops.flatMap(linesOfShop),
    ...(shops.length === 0
      ? []
      : [
          'Lost unless listed as recovered: settings, rules and content changed since then; points given by hand, for actions,',
          'campaigns and birthdays; shops installed since then, which install again when their staff open the app.',
        ]),
    isComplete
      ? 'Complete.'
      : 'NOT complete: see FAILED above; every step may be repeated once its cause is gone.',
  ];
}

function linesOfShop({ shop, merchantId, orders, rewards, balances, problem }: ShopRecovery) {
  const different = balances ?? [];
  return [
    `${shop} (${merchantId})`,
    ...(problem === '' ? [] : [`  FAILED: ${problem}`]),
    ...(orders === undefined
      ? []
      : [
          `  orders read: ${orders.read}${orders.setAside === 0 ? '' : `; FAILED, reasons in the log: ${orders.setAside}`}`,
        ]),
    ...(rewards === undefined
      ? []
      : [
          `  codes, cards and credits debited: ${rewards.adopted}`,
          ...rewards.ownerless.map((id) => `  its owner is no member, to be decided: ${id}`),
          ...rewards.gifts.map((id) => `  a free gift that is not known here: ${id}`),
          ...rewards.notAllowed.map((what) => `  the shop does not let the app read: ${what}`),
          ...(rewards.unreadable === 0
            ? []
            : [`  FAILED, records of store credit that cannot be read: ${rewards.unreadable}`]),
        ]),
    ...(balances === undefined
      ? []
      : [
          `  balances that differed from Shopify’s: ${different.length}`,
          ...different
            .slice(0, mostMembers)
            .map(
              ({ customerId, here, atShopify }) =>
                `    member ${customerId}: ${atShopify} at Shopify, ${here} here`,
            ),
          ...(different.length > mostMembers
            ? [`    and ${different.length - mostMembers} more`]
            : []),
        ]),
  ];
}
