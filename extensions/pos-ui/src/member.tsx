import type { Api } from '@shopify/ui-extensions/pos.home.modal.render';
import { useState } from 'preact/hooks';
import { codeOf } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import type { Member as MemberOf, Redemption, Widget } from '../../shared/contract.ts';
import { useRedeeming } from '../../shared/redeeming.ts';
import { openCodes, tierViewOf } from '../../shared/rewards.rules.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';
import { Message } from './message.tsx';
import { Rewards } from './rewards.tsx';

interface MemberProps {
  readonly customerId: string;
  readonly customer: MemberOf;
  readonly widget: Widget;
  readonly words: Words;
  readonly client: AppClient;
  readonly cart: Api['cart'];
  readonly toast: Api['toast'];
  readonly onChange: () => void;
}

/** What the customer at the POS has, and what they can redeem now. */
export function Member(props: MemberProps) {
  const { customerId, customer, widget, words, client, cart, toast, onChange } = props;
  const { say, points } = words;
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

  const tier = tierViewOf(widget.tier)?.current ?? null;
  const failed = redeeming.state === 'failed' ? redeeming.code : failure;
  const codes = openCodes(widget.redemptions, new Date());
  return (
    <s-stack gap="base">
      <s-heading>
        {customer.name === undefined
          ? say('pos.balance', { points: points(customer.available) })
          : say('pos.greeting', { name: customer.name, points: points(customer.available) })}
      </s-heading>
      {tier !== null && <s-badge>{tier}</s-badge>}
      {failed !== null && <s-banner tone="critical" heading={say(failureKey(failed))} />}
      {outcome !== null && <s-banner tone="info" heading={outcome} />}
      {widget.program.active ? (
        <Rewards
          rewards={widget.rewards}
          available={customer.available}
          words={words}
          busy={redeeming.state === 'busy' ? redeeming.rewardId : null}
          onRedeem={redeem}
        />
      ) : (
        <Message heading={say('pos.pausedHeading')} text={say('pos.paused')} />
      )}
      {codes.length > 0 && (
        <s-section heading={say('codes.heading')}>
          {codes.map((redemption) => (
            <s-stack key={redemption.id} gap="small-200">
              <s-text type="strong">{redemption.title}</s-text>
              <s-text>{redemption.code}</s-text>
              <s-button onClick={() => void apply(redemption.title, redemption.code ?? '')}>
                {say('codes.apply')}
              </s-button>
              {redemption.returnable && (
                <s-button tone="critical" onClick={() => void giveBack(redemption)}>
                  {say('done.giveBack')}
                </s-button>
              )}
            </s-stack>
          ))}
        </s-section>
      )}
    </s-stack>
  );
}
