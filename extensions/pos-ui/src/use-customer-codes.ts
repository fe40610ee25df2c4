import type { Api } from '@shopify/ui-extensions/pos.home.modal.render';
import { useState } from 'preact/hooks';
import { codeOf } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import type { Redemption } from '../../shared/contract.ts';
import { useRedeeming } from '../../shared/redeeming.ts';
import type { Words } from '../../shared/words.ts';

export interface CustomerCodesOptions {
  readonly customerId: string;
  readonly words: Words;
  readonly client: AppClient;
  readonly cart: Api['cart'];
  readonly toast: Api['toast'];
  /** Called when the customer's points or codes have changed. */
  readonly onChange: () => void;
}

/** Redeems points of the customer at the POS, puts codes on the cart, and returns unused ones. */
export function useCustomerCodes(options: CustomerCodesOptions) {
  const { customerId, client, cart, toast, onChange } = options;
  const { say } = options.words;
  /** The sentence about the last code: that it is on the cart, or what to type. */
  const [outcome, setOutcome] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { redeeming, redeem } = useRedeeming(
    {
      redeem: (rewardId, chosen, attempt) =>
        client.pos.redeem({
          customer: customerId,
          reward_id: rewardId,
          points: chosen,
          idempotency_key: attempt,
        }),
      status: client.pos.status,
    },
    (redemption) => {
      void settle(redemption);
      onChange();
    },
  );

  async function settle({ status, title, code }: Redemption): Promise<void> {
    if (status === 'completed' && code !== undefined) await apply(title, code);
    else setOutcome(say(`done.${status}`, { title }));
  }

  async function apply(title: string, code: string): Promise<void> {
    try {
      await cart.addCartCodeDiscount(code);
      toast.show(say('done.applied', { title }));
      setOutcome(say('done.applied', { title }));
    } catch {
      setOutcome(say('done.code', { code }));
    }
  }

  async function giveBack({ id, title, code }: Redemption): Promise<void> {
    setFailure(null);
    try {
      const { status } = await client.pos.giveBack(id);
      // Removes the returned code from the cart; other codes there are not ours.
      const isOnCart = cart.current.value.cartDiscounts.some(
        ({ discountDescription }) => discountDescription === code,
      );
      if (status === 'returned' && isOnCart) await cart.removeCartDiscount();
      setOutcome(say(`done.${status === 'returned' ? 'returned' : 'pending'}`, { title }));
      onChange();
    } catch (error) {
      setFailure(codeOf(error));
    }
  }

  return { redeeming, redeem, apply, giveBack, outcome, failure };
}
