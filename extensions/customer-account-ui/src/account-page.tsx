import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.page.render';
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import { useLoaded } from '../../shared/loading.ts';
import { wordsOf } from '../../shared/words.ts';
import { Balance } from './balance.tsx';
import { Codes } from './codes.tsx';
import { Failed } from './failed.tsx';
import { HistoryList } from './history-list.tsx';
import { clientOf, localeOf } from './host.ts';
import { Rewards } from './rewards.tsx';
import { TierProgress } from './tier-progress.tsx';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<AccountPage api={shopify} />, document.body);
}

function AccountPage({ api }: { api: Api }) {
  const client = useMemo(() => clientOf(api), [api]);
  const { loading, reload } = useLoaded('widget', client.widget);
  const say = (key: string) => api.i18n.translate(key);
  return <s-page heading={say('page.heading')}>{content()}</s-page>;

  function content() {
    if (loading.state === 'loading')
      return (
        <s-section accessibilityLabel={say('page.loading')}>
          <s-skeleton-paragraph />
        </s-section>
      );
    if (loading.state === 'failed')
      return <Failed code={loading.code} say={say} onRetry={reload} />;
    const { value: widget } = loading;
    const words = wordsOf(api.i18n, localeOf(api), widget.points_name);
    return (
      <s-stack gap="large">
        <Balance widget={widget} words={words} />
        <TierProgress tier={widget.tier} words={words} />
        <Rewards widget={widget} words={words} client={client} onChange={reload} />
        <Codes widget={widget} words={words} client={client} onChange={reload} />
        {widget.customer !== null && (
          <HistoryList key={widget.customer.balance} client={client} words={words} />
        )}
      </s-stack>
    );
  }
}
