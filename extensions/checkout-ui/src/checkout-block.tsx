import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.checkout.block.render';
import { render } from 'preact';
import { wordsOf } from '../../shared/words.ts';
import { clientOf, localeOf } from './host.ts';
import { Invitation } from './invitation.tsx';
import { pointsViewOf } from './points.rules.ts';
import { usePoints } from './use-points.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<CheckoutBlock api={shopify} />, document.body);
}

/** On any error at the checkout the block renders nothing. */
function CheckoutBlock({ api }: { api: Api }) {
  const loading = usePoints(api, clientOf(api));
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  const view = loading.state === 'ready' ? pointsViewOf(loading.value) : null;
  if (view === null || loading.state !== 'ready') return null;
  const words = wordsOf(api.i18n, localeOf(api), loading.value.points_name);
  const { earn, available, multiplier } = view;
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
      </s-stack>
    </s-box>
  );
}
