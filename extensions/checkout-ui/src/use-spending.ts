import { useState } from 'preact/hooks';
import { codeOf } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import type { Redemption, Reward } from '../../shared/contract.ts';
import { useRedeeming } from '../../shared/redeeming.ts';
import type { Words } from '../../shared/words.ts';

/** The part of Shopify's API that puts codes on the checkout. */
export interface DiscountCodes {
  applyDiscountCodeChange(change: {
    readonly type: 'addDiscountCode' | 'removeDiscountCode';
    readonly code: string;
  }): Promise<{ readonly type: 'success' | 'error' }>;
}

export interface SpendingOptions {
  readonly checkout: DiscountCodes;
  readonly client: AppClient;
  readonly rewards: readonly Reward[];
  readonly words: Words;
  /** Called when points or codes have changed. */
  readonly onChange: () => void;
}

/** Redeems points for this order: the code goes onto the checkout, and its points return when it is taken off. */
export function useSpending({ checkout, client, rewards, words, onChange }: SpendingOptions) {
  const { say } = words;
  /** What became of the last one, where it is not plain to see. */
  const [outcome, setOutcome] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** The code that is being put on or taken off. */
  const [busy, setBusy] = useState<string | null>(null);
  const { redeeming, redeem, clear } = useRedeeming(
    {
      redeem: (id, points, attempt) =>
        client.shopper.redeem({
          ...(rewards.some((reward) => reward.id === id && reward.offer === true)
            ? { campaign_id: id }
            : { reward_id: id, points }),
          idempotency_key: attempt,
        }),
      status: client.shopper.status,
    },
    (redemption) => void settle(redemption),
  );

  async function settle(redemption: Redemption): Promise<void> {
    const { status, title, code } = redemption;
    if (status === 'completed' && code !== undefined) await apply(redemption);
    else setOutcome(say(`spend.${status === 'failed' ? 'failed' : 'pending'}`, { title }));
    clear();
    onChange();
  }

  async function apply({ title, code = '' }: Redemption): Promise<void> {
    setBusy(code);
    setOutcome(null);
    setFailure(null);
    // Express wallets and some checkouts refuse changes of codes; the code stays the member's.
    const { type } = await checkout
      .applyDiscountCodeChange({ type: 'addDiscountCode', code })
      .catch(() => ({ type: 'error' as const }));
    if (type === 'error') setOutcome(say('spend.notApplied', { title, code }));
    setBusy(null);
  }

  async function giveBack({ id, code = '' }: Redemption): Promise<void> {
    setBusy(code);
    setOutcome(null);
    setFailure(null);
    try {
      // First off the checkout: a code without its points must not be paid with.
      const { type } = await checkout.applyDiscountCodeChange({ type: 'removeDiscountCode', code });
      if (type === 'error') throw new Error('The code stays on the checkout.');
      await client.shopper.giveBack(id);
      onChange();
    } catch (error) {
      setFailure(codeOf(error));
    }
    setBusy(null);
  }

  return {
    redeem: (id: string, points: number): void => {
      setOutcome(null);
      setFailure(null);
      redeem(id, points);
    },
    apply,
    giveBack,
    outcome,
    failure: redeeming.state === 'failed' ? redeeming.code : failure,
    isRedeeming: redeeming.state === 'busy',
    busy,
  };
}
