import { LRUCache } from 'lru-cache';
import type { CoreClients } from '../../core-client/clients.server.ts';
import type { ToldOfReferral } from './order-referral.ts';

type Referrals = Pick<CoreClients['referrals'], 'getReferralConfig' | 'keepTraces'>;

/** How long a program may be taken for what it was, for traces alone: one that was turned on is believed soon. */
const onForMs = 60_000;
const offForMs = 5_000;
const programs = new LRUCache<string, Promise<boolean>>({ max: 10_000, ttl: offForMs });

/** Whether the shop's customers refer friends at all. */
export function hasReferralProgram(
  merchantId: string,
  referrals: Pick<Referrals, 'getReferralConfig'>,
): Promise<boolean> {
  const known = programs.get(merchantId);
  if (known !== undefined) return known;
  const asked = referrals.getReferralConfig({}).then(({ config }) => config?.active === true);
  programs.set(merchantId, asked);
  void asked.then(
    (isOn) => isOn && programs.set(merchantId, asked, { ttl: onForMs }),
    () => programs.delete(merchantId),
  );
  return asked;
}

/** Where the person is in a referral already. Before the order is recorded, so that the review that follows sees it. */
export async function leaveTraces(told: ToldOfReferral, referrals: Referrals): Promise<void> {
  const { shopifyCustomerId, traces } = told;
  await referrals.keepTraces({ people: [{ shopifyCustomerId, traces }] });
}
