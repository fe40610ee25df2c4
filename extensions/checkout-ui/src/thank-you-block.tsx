import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { render } from 'preact';
import { earnedOf } from '../../shared/order.rules.ts';
import { useLoaded } from '../../shared/loading.ts';
import { useSignalValue } from '../../shared/signals.ts';
import { wordsOf } from '../../shared/words.ts';
import { clientOf, localeOf } from './host.ts';
import { Invitation } from './invitation.tsx';
import { pointsViewOf } from './points.rules.ts';
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
  // What the ledger has of the order is more than what was reckoned before it; at first it has nothing yet.
  const ledger = useLoaded(isMember ? orderId : null, () => client.history({ order_id: orderId }));
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  const view = loading.state === 'ready' ? pointsViewOf(loading.value) : null;
  if (view === null || loading.state !== 'ready') return null;
  const words = wordsOf(api.i18n, localeOf(api), loading.value.points_name);
  const { earn } = view;
  const name = loading.value.points_name.other;
  const earned = ledger.loading.state === 'ready' ? earnedOf(ledger.loading.value.entries) : null;
  return (
    <s-section heading={words.say('thankYou.heading')}>
      <s-stack gap="base">
        <s-paragraph>{sentence()}</s-paragraph>
        <Invitation invitation={view.invitation} words={words} />
        {view.available !== null && view.hasRewards && (
          <s-link href={api.shop.storefrontUrl ?? `https://${api.shop.myshopifyDomain}`}>
            {words.say('thankYou.rewards', { points: words.points(view.available) })}
          </s-link>
        )}
      </s-stack>
    </s-section>
  );

  function sentence(): string {
    if (earned !== null) return words.say('thankYou.earned', { points: words.points(earned) });
    return earn === null
      ? words.say('thankYou.earnsSome', { name })
      : words.say('thankYou.earns', { points: words.points(earn) });
  }
}
