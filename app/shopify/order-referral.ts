import { REFERRAL_CHANNELS, type ReferralChannel } from '#vocabulary/referrals.ts';

/** What the storefront writes into the cart of a visitor who came by a link, and Shopify into their order. */
export const referralAttribute = '_loyalnest_ref';
const channelAttribute = '_loyalnest_ref_channel';

/** By whose link an order's customer came. */
export interface OrderReferral {
  readonly code: string;
  readonly channel: ReferralChannel;
}

/** Anyone can write anything into a cart: what cannot be a code is none. */
const codeShape = /^[A-Za-z0-9]{4,20}$/;

/** @param attributes the order's, as Shopify's REST and GraphQL name them alike once their keys are `name` */
export function referralIn(
  attributes: readonly { readonly name: string; readonly value: string }[],
): OrderReferral | undefined {
  const valueOf = (wanted: string) =>
    attributes.find(({ name }) => name === wanted)?.value.trim() ?? '';
  const code = valueOf(referralAttribute);
  if (!codeShape.test(code)) return undefined;
  const channel = valueOf(channelAttribute);
  return { code, channel: REFERRAL_CHANNELS.find((known) => known === channel) ?? 'copy' };
}
