import { useState } from 'preact/hooks';
import type { AppClient } from '../../shared/app-client.ts';
import type { Reward, Widget } from '../../shared/contract.ts';
import { useRedeeming } from '../../shared/redeeming.ts';
import { offerOf } from '../../shared/rewards.rules.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';
import { RewardAction } from './reward-action.tsx';

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
  const { say } = words;
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
  /** The reward whose confirmation is shown; one at a time. */
  const [asked, setAsked] = useState<string | null>(null);
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
        {widget.rewards.map((reward, index) => (
          <s-stack key={reward.id} gap="base">
            {index > 0 && <s-divider />}
            <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
              <s-stack gap="small-300">
                <Terms reward={reward} words={words} />
              </s-stack>
              <RewardAction
                reward={reward}
                offer={offerOf(reward, available)}
                words={words}
                redeeming={redeeming}
                isAsked={asked === reward.id}
                onAsk={(isAsked) => setAsked(isAsked ? reward.id : null)}
                onRedeem={(points) => redeem(reward.id, points)}
              />
            </s-grid>
          </s-stack>
        ))}
      </s-stack>
    </s-section>
  );
}

/** What a reward is, what it costs and the minimum purchase. */
function Terms({ reward, words }: { reward: Reward; words: Words }) {
  const { say, points } = words;
  return (
    <>
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
    </>
  );
}
