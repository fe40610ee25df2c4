import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.order-status.block.render';
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import { useLoaded } from '../../shared/loading.ts';
import { earnedOf } from '../../shared/order.rules.ts';
import { useSignalValue } from '../../shared/signals.ts';
import { wordsOf } from '../../shared/words.ts';
import { clientOf, localeOf, pageAddress } from './host.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<OrderStatusBlock api={shopify} />, document.body);
}

/** What this order earned. On any error it renders nothing, since the page is about the order. */
function OrderStatusBlock({ api }: { api: Api }) {
  const client = useMemo(() => clientOf(api), [api]);
  const order = useSignalValue(api.order);
  const orderId = /(\d+)$/.exec(order?.id ?? '')?.[1] ?? null;
  const { loading } = useLoaded(orderId, async () => {
    const [widget, history] = await Promise.all([
      client.widget(),
      client.history({ order_id: orderId ?? '' }),
    ]);
    return {
      widget,
      earned: earnedOf(history.entries),
      lines: history.entries,
      pending: history.pending?.[0],
    };
  });
  if (orderId === null || loading.state === 'failed') return null;
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  const { widget, earned, lines, pending } = loading.value;
  if (widget.customer === null) return null;
  const words = wordsOf(api.i18n, localeOf(api), widget.points_name);
  return (
    <s-section heading={words.say('order.heading')}>
      <s-stack gap="base">
        <s-paragraph>
          {earned === null
            ? pending === undefined
              ? words.say('order.pending', { name: widget.points_name.other })
              : words.say('order.counts', {
                  points: words.points(pending.points),
                  date: words.day(pending.at),
                })
            : words.say('order.earned', { points: words.points(earned) })}
        </s-paragraph>
        {lines.map(({ id, explanation }) => (
          <s-text key={id} color="subdued">
            {explanation}
          </s-text>
        ))}
        <s-link href={pageAddress}>
          {words.say('order.balance', { points: words.points(widget.customer.available) })}
        </s-link>
      </s-stack>
    </s-section>
  );
}
