import type { Member as MemberOf, Redemption, Widget } from '../../shared/contract.ts';
import { openCodes, tierViewOf } from '../../shared/rewards.rules.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';
import { Message } from './message.tsx';
import { Rewards } from './rewards.tsx';
import { useCustomerCodes } from './use-customer-codes.ts';
import type { CustomerCodesOptions } from './use-customer-codes.ts';

interface MemberProps extends CustomerCodesOptions {
  readonly customer: MemberOf;
  readonly widget: Widget;
}

/** What the customer at the POS has, and what they can redeem now. */
export function Member(props: MemberProps) {
  const { customer, widget, words } = props;
  const { say, points } = words;
  const { redeeming, redeem, apply, giveBack, outcome, failure } = useCustomerCodes(props);
  const tier = tierViewOf(widget.tier)?.current ?? null;
  const failed = redeeming.state === 'failed' ? redeeming.code : failure;
  const codes = openCodes(widget.redemptions, new Date());
  return (
    <s-stack gap="large">
      <s-stack gap="small-200">
        <s-heading>
          {customer.name === undefined
            ? say('pos.balance', { points: points(customer.available) })
            : say('pos.greeting', { name: customer.name, points: points(customer.available) })}
        </s-heading>
        {tier !== null && <s-badge>{tier}</s-badge>}
      </s-stack>
      {failed !== null && <s-banner tone="critical" heading={say(failureKey(failed))} />}
      {outcome !== null && <s-banner tone="info" heading={outcome} />}
      {widget.program.notice === 'not_participating' ? (
        <s-banner tone="info" heading={say('failure.not_participating')} />
      ) : widget.program.active ? (
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
      <Codes codes={codes} words={words} onApply={apply} onGiveBack={giveBack} />
    </s-stack>
  );
}

/** Unused codes, to put on the cart or to return for their points. */
function Codes({
  codes,
  words,
  onApply,
  onGiveBack,
}: {
  codes: readonly Redemption[];
  words: Words;
  onApply: (title: string, code: string) => Promise<void>;
  onGiveBack: (redemption: Redemption) => Promise<void>;
}) {
  const { say } = words;
  if (codes.length === 0) return null;
  return (
    <s-section heading={say('codes.heading')}>
      {codes.map((redemption) => (
        <s-stack key={redemption.id} gap="small-200">
          <s-text type="strong">{redemption.title}</s-text>
          <s-text color="subdued">{redemption.code}</s-text>
          <s-button onClick={() => void onApply(redemption.title, redemption.code ?? '')}>
            {say('codes.apply')}
          </s-button>
          {redemption.returnable && (
            <s-button tone="critical" onClick={() => void onGiveBack(redemption)}>
              {say('done.giveBack')}
            </s-button>
          )}
        </s-stack>
      ))}
    </s-section>
  );
}
