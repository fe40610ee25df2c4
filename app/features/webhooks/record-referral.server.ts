import { LRUCache } from 'lru-cache';
import type { CoreClients } from '../../core-client/clients.server.ts';
import type { ToldOfReferral } from './order-referral.ts';

type Referrals = Pick<CoreClients['referrals'], 'getReferralConfig' | 'keepTraces'>;

/** How long a program that was switched on or off may be taken for what it was, for traces alone. */
const programsKnownMs = 60_000;
const programs = new LRUCache<string, Promise<boolean>>({ max: 10_000, ttl: programsKnownMs });

/** Whether the shop's customers refer friends at all. */
export function hasReferralProgram(
  merchantId: string,
  referrals: Pick<Referrals, 'getReferralConfig'>,
): Promise<boolean> {
  const known = programs.get(merchantId);
  if (known !== undefined) return known;
  const asked = referrals.getReferralConfig({}).then(({ config }) => config?.active === true);
  programs.set(merchantId, asked);
  asked.catch(() => programs.delete(merchantId));
  return asked;
}

/** Where the person is in a referral already. Before the order is recorded, so that the review that follows sees it. */
export async function leaveTraces(told: ToldOfReferral, referrals: Referrals): Promise<void> {
  const { shopifyCustomerId, traces } = told;
  await referrals.keepTraces({ people: [{ shopifyCustomerId, traces }] });
}
