import { useState } from 'preact/hooks';
import type { Reward } from '../../shared/contract.ts';
import { offerOf } from '../../shared/rewards.rules.ts';
import type { Words } from '../../shared/words.ts';

export function Rewards({
  rewards,
  available,
  words,
  busy,
  onRedeem,
}: {
  rewards: readonly Reward[];
  available: number;
  words: Words;
  busy: string | null;
  onRedeem: (rewardId: string, points: number) => void;
}) {
  const { say, points } = words;
  /** The reward and points to confirm. */
  const [asked, setAsked] = useState<{ id: string; points: number } | null>(null);
  return (
    <s-section heading={say('rewards.heading')}>
      <s-stack gap="base">
        {rewards.length === 0 && <s-text color="subdued">{say('rewards.empty')}</s-text>}
        {rewards.map((reward, index) => (
          <s-stack key={reward.id} gap="small-200">
            {index > 0 && <s-divider />}
            <s-text type="strong">{reward.title}</s-text>
            {reward.description !== undefined && (
              <s-text color="subdued">{reward.description}</s-text>
            )}
            {action(reward)}
          </s-stack>
        ))}
      </s-stack>
    </s-section>
  );

  function action(reward: Reward) {
    const offer = offerOf(reward, available);
    if (offer.kind === 'tier')
      return (
        <s-text color="subdued">{say('rewards.forTier', { tiers: offer.names.join(', ') })}</s-text>
      );
    if (offer.kind === 'missing')
      return (
        <s-text color="subdued">{say('rewards.missing', { points: points(offer.points) })}</s-text>
      );
    if (busy === reward.id) return <s-spinner accessibilityLabel={say('rewards.busy')} />;
    if (asked?.id === reward.id)
      return (
        <s-stack gap="small-200">
          <s-button
            variant="primary"
            onClick={() => {
              setAsked(null);
              onRedeem(asked.id, asked.points);
            }}
          >
            {say('rewards.confirm', { points: points(asked.points) })}
          </s-button>
          <s-button onClick={() => setAsked(null)}>{say('rewards.cancel')}</s-button>
        </s-stack>
      );
    return (
      <Choices
        choices={offer.choices}
        words={words}
        isBusy={busy !== null}
        onAsk={(choice) => setAsked({ id: reward.id, points: choice })}
      />
    );
  }
}

/** One button for each number of points. */
function Choices({
  choices,
  words,
  isBusy,
  onAsk,
}: {
  choices: readonly number[];
  words: Words;
  isBusy: boolean;
  onAsk: (points: number) => void;
}) {
  return (
    <s-stack gap="small-200">
      {choices.map((choice) => (
        <s-button key={choice} disabled={isBusy} onClick={() => onAsk(choice)}>
          {`${words.say('rewards.redeem')} · ${words.points(choice)}`}
        </s-button>
      ))}
    </s-stack>
  );
}
