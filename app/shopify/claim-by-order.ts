import type { DeepPartial, Traces } from '#proto/referrals/v1/referrals.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import { CoreError } from '../core-client/errors.server.ts';
import type { OrderReferral } from './order-referral.ts';

export interface ClaimingOrder {
  readonly referral: OrderReferral;
  readonly shopifyCustomerId: string;
  readonly orderedAt: string;
  readonly traces?: DeepPartial<Traces>;
}

/** Says by whose link an order's customer came, once the order is recorded: core may not have heard of them before. */
export async function claimByOrder(
  { referral, shopifyCustomerId, orderedAt, traces = {} }: ClaimingOrder,
  referrals: Pick<CoreClients['referrals'], 'completeReferral'>,
): Promise<void> {
  try {
    await referrals.completeReferral({
      referralCode: referral.code,
      shopifyCustomerId,
      channel: referral.channel,
      traces,
      orderedAt,
    });
  } catch (error) {
    // Erased meanwhile: no one is left to be anyone's friend.
    if (!(error instanceof CoreError) || error.code !== 'not_found') throw error;
  }
}
