import type { Api as OrderIndexApi } from '@shopify/ui-extensions/customer-account.order-index.block.render';
import type { Api as ProfileApi } from '@shopify/ui-extensions/customer-account.profile.block.render';
import { useMemo } from 'preact/hooks';
import { useLoaded } from '../../shared/loading.ts';
import { tierViewOf } from '../../shared/rewards.rules.ts';
import { wordsOf } from '../../shared/words.ts';
import { Failed } from './failed.tsx';
import { clientOf, localeOf, pageAddress } from './host.ts';

/** Balance and tier, and the way to the page. */
export function BalanceBlock({ api }: { api: OrderIndexApi | ProfileApi }) {
  const client = useMemo(() => clientOf(api), [api]);
  const { loading, reload } = useLoaded('widget', client.widget);
  if (loading.state === 'loading') return <s-skeleton-paragraph />;
  if (loading.state === 'failed')
    // A shop without a program renders nothing.
    return loading.code === 'not_found' ? null : (
      <Failed code={loading.code} say={(key) => api.i18n.translate(key)} onRetry={reload} />
    );
  const { customer, points_name: name, program, tier } = loading.value;
  if (!program.active && customer === null) return null;
  const words = wordsOf(api.i18n, localeOf(api), name);
  const current = tierViewOf(tier)?.current ?? null;
  return (
    <s-section heading={words.say('block.heading')}>
      <s-stack gap="base">
        <s-stack direction="inline" gap="base" alignItems="center">
          <s-text type="strong">
            {customer === null
              ? words.say('balance.none', { name: name.other })
              : words.say('balance.available', { points: words.points(customer.available) })}
          </s-text>
          {current !== null && <s-badge>{current}</s-badge>}
        </s-stack>
        <s-link href={pageAddress}>{words.say('block.open')}</s-link>
      </s-stack>
    </s-section>
  );
}
