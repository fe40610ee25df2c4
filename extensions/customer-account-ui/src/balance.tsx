import type { Widget } from '../../shared/contract.ts';
import type { Words } from '../../shared/words.ts';

export function Balance({ widget, words }: { widget: Widget; words: Words }) {
  const { customer, expiring, points_name: name, program } = widget;
  const { say, points } = words;
  if (customer === null)
    return (
      <s-section heading={say('balance.none', { name: name.other })}>
        <s-paragraph>
          {say(program.active ? 'balance.howToBegin' : 'balance.paused', { name: name.other })}
        </s-paragraph>
      </s-section>
    );
  return (
    <s-section heading={say('balance.available', { points: points(customer.available) })}>
      <s-stack gap="small-200">
        {customer.held > 0 && (
          <s-text color="subdued">{say('balance.held', { points: points(customer.held) })}</s-text>
        )}
        {customer.pending !== undefined && <s-text color="subdued">{customer.pending.text}</s-text>}
        {customer.debt > 0 && (
          <s-text tone="warning">{say('balance.debt', { points: points(customer.debt) })}</s-text>
        )}
        {expiring !== undefined && expiring !== null && (
          <s-text tone="warning">
            {say('balance.expiring', {
              points: points(expiring.points),
              date: words.day(expiring.at),
            })}
          </s-text>
        )}
        {!program.active && <s-text color="subdued">{say('balance.paused')}</s-text>}
        {program.notice === 'not_participating' && (
          <s-text color="subdued">{say('failure.not_participating')}</s-text>
        )}
      </s-stack>
    </s-section>
  );
}
