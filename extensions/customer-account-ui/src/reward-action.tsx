import { useState } from 'preact/hooks';
import type { Reward } from '../../shared/contract.ts';
import type { Redeeming } from '../../shared/redeeming.ts';
import type { Offer } from '../../shared/rewards.rules.ts';
import type { Words } from '../../shared/words.ts';

interface RewardActionProps {
  readonly reward: Reward;
  readonly offer: Offer;
  readonly words: Words;
  readonly redeeming: Redeeming;
  /** Whether this reward waits for its confirmation: spending points needs one, to prevent mistakes. */
  readonly isAsked: boolean;
  readonly onAsk: (isAsked: boolean) => void;
  readonly onRedeem: (points: number) => void;
}

/** Why a reward is out of reach, or the choice of points and the button that redeems it. */
export function RewardAction(props: RewardActionProps) {
  const { reward, offer, words, redeeming, isAsked, onAsk, onRedeem } = props;
  const { say, points } = words;
  const [chosen, setChosen] = useState<number | null>(null);
  if (offer.kind === 'tier')
    return (
      <s-text color="subdued">{say('rewards.forTier', { tiers: offer.names.join(', ') })}</s-text>
    );
  if (offer.kind === 'missing')
    return (
      <s-text color="subdued">{say('rewards.missing', { points: points(offer.points) })}</s-text>
    );
  const cost = chosen ?? offer.choices[0] ?? reward.points_cost;
  const isBusy = redeeming.state === 'busy';
  const isThis = isBusy && redeeming.rewardId === reward.id;
  return (
    <s-stack gap="small-200">
      {offer.choices.length > 1 && (
        <Choices choices={offer.choices} chosen={cost} words={words} onChoose={setChosen} />
      )}
      {isAsked ? (
        <s-stack direction="inline" gap="small-200">
          <s-button
            variant="primary"
            loading={isThis}
            disabled={isBusy}
            onClick={() => {
              onAsk(false);
              onRedeem(cost);
            }}
          >
            {say('rewards.confirm', { points: points(cost) })}
          </s-button>
          <s-button onClick={() => onAsk(false)}>{say('rewards.cancel')}</s-button>
        </s-stack>
      ) : (
        <s-button
          inlineSize="fill"
          loading={isThis}
          disabled={isBusy}
          accessibilityLabel={
            reward.offer === true
              ? `${say('rewards.getCode')}: ${reward.title}`
              : say('rewards.redeemOne', { title: reward.title })
          }
          // A free reward spends no points, so it needs no confirmation.
          onClick={() => (reward.offer === true ? onRedeem(0) : onAsk(true))}
        >
          {say(reward.offer === true ? 'rewards.getCode' : 'rewards.redeem')}
        </s-button>
      )}
    </s-stack>
  );
}

function Choices({
  choices,
  chosen,
  words,
  onChoose,
}: {
  choices: readonly number[];
  chosen: number;
  words: Words;
  onChoose: (points: number) => void;
}) {
  return (
    <s-select
      label={words.say('rewards.howMany')}
      value={String(chosen)}
      onChange={(event) => {
        const { value } = event.currentTarget as HTMLElementTagNameMap['s-select'];
        onChoose(Number(value));
      }}
    >
      {choices.map((choice) => (
        <s-option key={choice} value={String(choice)}>
          {words.points(choice)}
        </s-option>
      ))}
    </s-select>
  );
}
