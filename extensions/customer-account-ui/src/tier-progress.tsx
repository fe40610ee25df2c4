import type { TierStanding } from '../../shared/contract.ts';
import { tierViewOf } from '../../shared/rewards.rules.ts';
import type { Words } from '../../shared/words.ts';

export function TierProgress({ tier, words }: { tier: TierStanding | null; words: Words }) {
  const view = tierViewOf(tier);
  if (view === null || tier === null) return null;
  const { say } = words;
  const { spend, points } = tier.progress ?? {};
  const missing = [
    ...(spend === undefined ? [] : [say('tier.spend', { amount: words.money(spend.missing) })]),
    ...(points === undefined ? [] : [say('tier.points', { points: words.points(points.missing) })]),
  ].join(` ${say(tier.takes === 'both' ? 'tier.and' : 'tier.or')} `);
  return (
    <s-section heading={view.current ?? say('tier.none')}>
      <s-stack gap="small-200">
        {view.perks !== null && <s-paragraph>{view.perks}</s-paragraph>}
        {view.next === null ? (
          view.current !== null && <s-text color="subdued">{say('tier.top')}</s-text>
        ) : (
          <>
            <s-progress
              value={view.percent}
              max={100}
              accessibilityLabel={say('tier.progress', { percent: view.percent, tier: view.next })}
            />
            {missing !== '' && <s-text>{say('tier.missing', { missing, tier: view.next })}</s-text>}
          </>
        )}
      </s-stack>
    </s-section>
  );
}
