import { useRef, useState } from 'preact/hooks';
import { codeOf } from './app-client.ts';
import type { Redemption } from './contract.ts';
import { newAttempt } from './rewards.rules.ts';

export type Redeeming =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly rewardId: string }
  | { readonly state: 'failed'; readonly rewardId: string; readonly code: string }
  | { readonly state: 'done'; readonly redemption: Redemption };

export interface RedeemingCalls {
  readonly redeem: (rewardId: string, points: number, attempt: string) => Promise<Redemption>;
  readonly status: (id: string) => Promise<Redemption>;
}

const pollMs = 1_500;
/** A code is usually ready within a second; after this the customer is told that it will follow. */
const polls = 10;

/** One redemption at a time. An attempt lost on the network is retried with the same key. */
export function useRedeeming(calls: RedeemingCalls, onDone: (redemption: Redemption) => void) {
  const [redeeming, setRedeeming] = useState<Redeeming>({ state: 'idle' });
  const attempt = useRef<{ what: string; name: string } | null>(null);

  async function carryOut(rewardId: string, points: number): Promise<void> {
    const what = `${rewardId}/${points}`;
    if (attempt.current?.what !== what) attempt.current = { what, name: newAttempt() };
    setRedeeming({ state: 'busy', rewardId });
    try {
      let redemption = await calls.redeem(rewardId, points, attempt.current.name);
      for (let round = 0; redemption.status === 'pending' && round < polls; round++) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        redemption = await calls.status(redemption.id);
      }
      attempt.current = null;
      setRedeeming({ state: 'done', redemption });
      onDone(redemption);
    } catch (error) {
      const code = codeOf(error);
      // A refusal by the app is final; a lost request may have succeeded.
      if (code !== 'unreachable') attempt.current = null;
      setRedeeming({ state: 'failed', rewardId, code });
    }
  }

  return {
    redeeming,
    redeem: (rewardId: string, points: number): void => void carryOut(rewardId, points),
    clear: (): void => setRedeeming({ state: 'idle' }),
  };
}
