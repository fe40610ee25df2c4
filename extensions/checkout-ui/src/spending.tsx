import type { Api } from '@shopify/ui-extensions/purchase.checkout.block.render';
import { useState } from 'preact/hooks';
import type { AppClient } from '../../shared/app-client.ts';
import type { Redemption, Widget } from '../../shared/contract.ts';
import { useSignalValue } from '../../shared/signals.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';
import { choicesAt, codesAt, worthOf } from './spending.rules.ts';
import type { Choice } from './spending.rules.ts';
import { useSpending } from './use-spending.ts';

interface SpendingProps {
  readonly api: Api;
  readonly client: AppClient;
  readonly widget: Widget;
  readonly words: Words;
  readonly onChange: () => void;
}

/** What the member can take off this order with points, and the codes they have. Nothing where codes cannot change. */
export function Spending({ api, client, widget, words, onChange }: SpendingProps) {
  const { say } = words;
  const { discounts } = useSignalValue(api.instructions);
  const lines = useSignalValue(api.lines);
  const entered = useSignalValue(api.discountCodes).map(({ code }) => code);
  const { redeem, apply, giveBack, outcome, failure, isRedeeming, busy } = useSpending({
    checkout: api,
    client,
    rewards: widget.rewards,
    words,
    onChange,
  });
  if (!discounts.canUpdateDiscountCodes || !widget.program.active) return null;
  const choices = choicesAt(widget.rewards, widget.customer?.available ?? 0, lines);
  const { applied, ready } = codesAt(widget.redemptions, entered, new Date());
  if (choices.length + applied.length + ready.length === 0 && outcome === null) return null;
  const isBusy = isRedeeming || busy !== null;
  return (
    <s-stack gap="small-200">
      <s-divider />
      {failure !== null && <s-banner tone="critical" heading={say(failureKey(failure))} />}
      {outcome !== null && <s-banner tone="warning" heading={outcome} />}
      {applied.map((one) => (
        <CodeLine
          key={one.id}
          text={say('spend.applied', { title: one.title })}
          code={one.code ?? ''}
          action={
            one.returnable
              ? say('spend.giveBack', { points: words.points(one.points_spent) })
              : null
          }
          isBusy={isBusy}
          isLoading={busy === one.code}
          onPress={() => void giveBack(one)}
        />
      ))}
      {ready.map((one) => (
        <CodeLine
          key={one.id}
          text={one.title}
          code={one.code ?? ''}
          action={say('spend.apply')}
          isBusy={isBusy}
          isLoading={busy === one.code}
          onPress={() => void apply(one)}
        />
      ))}
      {choices.length > 0 && (
        <Chooser
          choices={choices}
          words={words}
          isBusy={isBusy}
          isLoading={isRedeeming}
          onRedeem={redeem}
        />
      )}
    </s-stack>
  );
}

interface CodeLineProps {
  readonly text: string;
  readonly code: Redemption['code'] & string;
  /** Null: nothing can be done about it here. */
  readonly action: string | null;
  readonly isBusy: boolean;
  readonly isLoading: boolean;
  readonly onPress: () => void;
}

function CodeLine({ text, code, action, isBusy, isLoading, onPress }: CodeLineProps) {
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="small-200" alignItems="center">
      <s-stack gap="none">
        <s-text type="strong">{text}</s-text>
        <s-text color="subdued">{code}</s-text>
      </s-stack>
      {action !== null && (
        <s-button
          variant="secondary"
          loading={isLoading}
          disabled={isBusy}
          accessibilityLabel={`${action}: ${text}`}
          onClick={onPress}
        >
          {action}
        </s-button>
      )}
    </s-grid>
  );
}

interface ChooserProps {
  readonly choices: readonly Choice[];
  readonly words: Words;
  readonly isBusy: boolean;
  readonly isLoading: boolean;
  readonly onRedeem: (rewardId: string, points: number) => void;
}

/** Which reward, and of one in steps for how many points. The button names the price, so no question follows. */
function Chooser({ choices, words, isBusy, isLoading, onRedeem }: ChooserProps) {
  const { say } = words;
  const [rewardId, setRewardId] = useState('');
  const [wanted, setWanted] = useState<number | null>(null);
  const choice = choices.find(({ reward }) => reward.id === rewardId) ?? choices[0];
  if (choice === undefined) return null;
  const { reward, points, isBelowMinimum } = choice;
  const cost = wanted !== null && points.includes(wanted) ? wanted : (points[0] ?? 0);
  const nameOf = ({ reward: one, points: [least = 0] }: Choice) =>
    one.offer === true
      ? `${one.title} · ${say('spend.gift')}`
      : `${one.title} · ${say(one.steps === undefined ? 'spend.cost' : 'spend.costFrom', { points: words.points(least) })}`;
  return (
    <s-stack gap="small-200">
      <s-select
        label={say('spend.reward')}
        value={reward.id}
        disabled={isBusy}
        onChange={(event) => {
          setRewardId((event.currentTarget as HTMLElementTagNameMap['s-select']).value ?? '');
          setWanted(null);
        }}
      >
        {choices.map((one) => (
          <s-option key={one.reward.id} value={one.reward.id}>
            {nameOf(one)}
          </s-option>
        ))}
      </s-select>
      {points.length > 1 && (
        <s-select
          key={reward.id}
          label={say('spend.howMany')}
          value={String(cost)}
          disabled={isBusy}
          onChange={(event) =>
            setWanted(Number((event.currentTarget as HTMLElementTagNameMap['s-select']).value))
          }
        >
          {points.map((each) => {
            const worth = worthOf(reward, each);
            return (
              <s-option key={each} value={String(each)}>
                {worth === null
                  ? words.points(each)
                  : say('spend.worth', { points: words.points(each), amount: words.money(worth) })}
              </s-option>
            );
          })}
        </s-select>
      )}
      {reward.min_purchase !== undefined && (
        <s-text color="subdued">
          {say('spend.minPurchase', { amount: words.money(reward.min_purchase) })}
        </s-text>
      )}
      <s-button
        variant="secondary"
        inlineSize="fill"
        loading={isLoading}
        disabled={isBusy || isBelowMinimum}
        onClick={() => onRedeem(reward.id, cost)}
      >
        {reward.offer === true
          ? say('spend.useGift')
          : say('spend.use', { points: words.points(cost) })}
      </s-button>
    </s-stack>
  );
}
