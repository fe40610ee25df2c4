import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { render } from 'preact';
import { useSignalValue } from '../../shared/signals.ts';
import { wordsOf } from '../../shared/words.ts';
import { clientOf, localeOf } from './host.ts';
import { Invitation } from './invitation.tsx';
import { pointsViewOf } from './points.rules.ts';
import { useCountedUp, useEarned } from './use-earned.ts';
import { usePoints } from './use-points.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<ThankYouBlock api={shopify} />, document.body);
}

function ThankYouBlock({ api }: { api: Api }) {
  const client = clientOf(api);
  const { order } = useSignalValue(api.orderConfirmation);
  const orderId = /(\d+)$/.exec(order.id)?.[1] ?? '';
  const loading = usePoints(api, client);
  const isMember = loading.state === 'ready' && loading.value.customer !== null;
  // The ledger's entries replace the estimate; at first there are none.
  const ledger = useEarned(client, isMember ? orderId : null);
  const before = loading.state === 'ready' ? (loading.value.customer?.available ?? null) : null;
  const available = useCountedUp(ledger.available ?? before);
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  const view = loading.state === 'ready' ? pointsViewOf(loading.value) : null;
  if (view === null || loading.state !== 'ready') return null;
  const words = wordsOf(api.i18n, localeOf(api), loading.value.points_name);
  const { earn } = view;
  const name = loading.value.points_name.other;
  return (
    <s-section heading={words.say('thankYou.heading')}>
      <s-stack gap="base">
        <s-paragraph>{sentence()}</s-paragraph>
        <Invitation invitation={view.invitation} words={words} />
        {available !== null && view.hasRewards && (
          <s-link href={api.shop.storefrontUrl ?? `https://${api.shop.myshopifyDomain}`}>
            {words.say('thankYou.rewards', { points: words.points(available) })}
          </s-link>
        )}
      </s-stack>
    </s-section>
  );

  function sentence(): string {
    if (ledger.points !== null)
      return words.say('thankYou.earned', { points: words.points(ledger.points) });
    // This page does not know whether a guest has paid, so its text fits both cases.
    if (!isMember)
      return earn === null
        ? words.say('checkout.earnsSome', { name })
        : words.say('thankYou.guest', { points: words.points(earn) });
    return earn === null
      ? words.say('thankYou.earnsSome', { name })
      : words.say('thankYou.earns', { points: words.points(earn) });
  }
}
