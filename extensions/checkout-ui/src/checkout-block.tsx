import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.checkout.block.render';
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import { useLoaded } from '../../shared/loading.ts';
import { wordsOf } from '../../shared/words.ts';
import { clientOf, localeOf } from './host.ts';
import { Invitation } from './invitation.tsx';
import { pointsViewOf } from './points.rules.ts';
import { Spending } from './spending.tsx';
import { usePoints } from './use-points.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<CheckoutBlock api={shopify} />, document.body);
}

/** On any error at the checkout the block renders nothing; without the rewards, only what the order earns. */
function CheckoutBlock({ api }: { api: Api }) {
  const client = useMemo(() => clientOf(api), [api]);
  const loading = usePoints(api, client);
  const isSpending =
    loading.state === 'ready' && loading.value.customer !== null && loading.value.rewards > 0;
  // What it takes to spend points is asked for once the block is known to be shown.
  const { loading: member, reload } = useLoaded(isSpending ? 'widget' : null, client.widget);
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  const view = loading.state === 'ready' ? pointsViewOf(loading.value) : null;
  if (view === null || loading.state !== 'ready') return null;
  const words = wordsOf(api.i18n, localeOf(api), loading.value.points_name);
  const { earn, multiplier } = view;
  const widget = isSpending && member.state === 'ready' ? member.value : null;
  const available = widget?.customer?.available ?? view.available;
  return (
    <s-box border="base" borderRadius="base" padding="base">
      <s-stack gap="small-200">
        <s-text type="strong">
          {earn === null
            ? words.say('checkout.earnsSome', { name: loading.value.points_name.other })
            : words.say('checkout.earns', { points: words.points(earn) })}
        </s-text>
        {multiplier !== null && (
          <s-text color="subdued">{words.say('checkout.multiplied', { multiplier })}</s-text>
        )}
        {available !== null && (
          <s-text>{words.say('checkout.balance', { points: words.points(available) })}</s-text>
        )}
        <Invitation invitation={view.invitation} words={words} />
        {isSpending && member.state === 'loading' && <s-skeleton-paragraph />}
        {widget !== null && (
          <Spending api={api} client={client} widget={widget} words={words} onChange={reload} />
        )}
      </s-stack>
    </s-box>
  );
}
