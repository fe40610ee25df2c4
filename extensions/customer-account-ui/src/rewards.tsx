import { useState } from 'preact/hooks';
import type { AppClient } from '../../shared/app-client.ts';
import type { Reward, Widget } from '../../shared/contract.ts';
import { useRedeeming } from '../../shared/redeeming.ts';
import { offerOf } from '../../shared/rewards.rules.ts';
import type { Offer } from '../../shared/rewards.rules.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';

export function Rewards({
  widget,
  words,
  client,
  onChange,
}: {
  widget: Widget;
  words: Words;
  client: AppClient;
  onChange: () => void;
}) {
  const { say, points } = words;
  const { redeeming, redeem } = useRedeeming(
    {
      redeem: (id, chosen, attempt) =>
        client.shopper.redeem({
          ...(widget.rewards.some((reward) => reward.id === id && reward.offer === true)
            ? { campaign_id: id }
            : { reward_id: id, points: chosen }),
          idempotency_key: attempt,
        }),
      status: client.shopper.status,
    },
    onChange,
  );
  /** Spending points needs a confirmation, to prevent mistakes. */
  const [asked, setAsked] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({});
  const available = widget.customer?.available ?? 0;
  return (
    <s-section heading={say('rewards.heading')}>
      <s-stack gap="base">
        {redeeming.state === 'failed' && (
          <s-banner tone="critical" heading={say(failureKey(redeeming.code))} />
        )}
        {redeeming.state === 'done' && (
          <s-banner
            tone={redeeming.redemption.status === 'failed' ? 'critical' : 'success'}
            heading={say(`rewards.${redeeming.redemption.status}`, {
              title: redeeming.redemption.title,
              code: redeeming.redemption.code ?? '',
            })}
          />
        )}
        {widget.rewards.length === 0 && <s-paragraph>{say('rewards.empty')}</s-paragraph>}
        {widget.rewards.map((reward) => {
          const offer = offerOf(reward, available);
          return (
            <s-stack key={reward.id} gap="small-200">
              <s-text type="strong">{reward.title}</s-text>
              {reward.description !== undefined && <s-text>{reward.description}</s-text>}
              <s-text color="subdued">
                {reward.offer === true
                  ? say('rewards.gift')
                  : say(reward.steps === undefined ? 'rewards.cost' : 'rewards.costFrom', {
                      points: points(reward.steps?.min ?? reward.points_cost),
                    })}
                {reward.min_purchase !== undefined &&
                  ` · ${say('rewards.minPurchase', { amount: words.money(reward.min_purchase) })}`}
              </s-text>
              {action(reward, offer)}
            </s-stack>
          );
        })}
      </s-stack>
    </s-section>
  );

  function action(reward: Reward, offer: Offer) {
    if (offer.kind === 'tier')
      return (
        <s-text color="subdued">{say('rewards.forTier', { tiers: offer.names.join(', ') })}</s-text>
      );
    if (offer.kind === 'missing')
      return (
        <s-text color="subdued">{say('rewards.missing', { points: points(offer.points) })}</s-text>
      );
    const cost = chosen[reward.id] ?? offer.choices[0] ?? reward.points_cost;
    const isBusy = redeeming.state === 'busy';
    const isThis = isBusy && redeeming.rewardId === reward.id;
    return (
      <s-stack gap="small-200">
        {offer.choices.length > 1 && (
          <s-select
            label={say('rewards.howMany')}
            value={String(cost)}
            onChange={(event) => {
              const { value } = event.currentTarget as HTMLElementTagNameMap['s-select'];
              setChosen({ ...chosen, [reward.id]: Number(value) });
            }}
          >
            {offer.choices.map((choice) => (
              <s-option key={choice} value={String(choice)}>
                {points(choice)}
              </s-option>
            ))}
          </s-select>
        )}
        {asked === reward.id ? (
          <s-stack direction="inline" gap="small-200">
            <s-button
              variant="primary"
              loading={isThis}
              disabled={isBusy}
              onClick={() => {
                setAsked(null);
                redeem(reward.id, cost);
              }}
            >
              {say('rewards.confirm', { points: points(cost) })}
            </s-button>
            <s-button onClick={() => setAsked(null)}>{say('rewards.cancel')}</s-button>
          </s-stack>
        ) : (
          <s-button
            loading={isThis}
            disabled={isBusy}
            accessibilityLabel={
              reward.offer === true
                ? `${say('rewards.getCode')}: ${reward.title}`
                : say('rewards.redeemOne', { title: reward.title })
            }
            // A free reward needs no confirmation.
            onClick={() => (reward.offer === true ? redeem(reward.id, 0) : setAsked(reward.id))}
          >
            {say(reward.offer === true ? 'rewards.getCode' : 'rewards.redeem')}
          </s-button>
        )}
      </s-stack>
    );
  }
}
