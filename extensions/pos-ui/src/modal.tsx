import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/pos.home.modal.render';
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import { appUrl } from '../../shared/app-url.ts';
import { createAppClient } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import { useLoaded } from '../../shared/loading.ts';
import { useSignalValue } from '../../shared/signals.ts';
import { failureKey, wordsOf } from '../../shared/words.ts';
import { Member } from './member.tsx';
import { Message } from './message.tsx';
import { posStateOf } from './pos.rules.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<Modal api={shopify} />, document.body);
}

function Modal({ api }: { api: Api }) {
  const { internetConnected } = useSignalValue(api.connectivity.current);
  const { customer } = useSignalValue(api.cart.current);
  const locale = useSignalValue(api.locale.current);
  const client = useMemo(
    () =>
      createAppClient({
        appUrl,
        token: () => api.session.getSessionToken(),
        locale: () => locale,
      }),
    [api, locale],
  );
  const state = posStateOf(internetConnected, customer);
  const say = (key: string) => api.i18n.translate(key);
  return (
    <s-page heading={say('tile.heading')}>
      <s-scroll-box>
        {state.kind === 'offline' && (
          <Message heading={say('pos.offlineHeading')} text={say('pos.offline')} />
        )}
        {state.kind === 'no_customer' && (
          <Message heading={say('pos.noCustomerHeading')} text={say('pos.noCustomer')} />
        )}
        {state.kind === 'customer' && (
          <Customer key={state.id} id={state.id} api={api} client={client} locale={locale} />
        )}
      </s-scroll-box>
    </s-page>
  );
}

interface CustomerProps {
  readonly id: string;
  readonly api: Api;
  readonly client: AppClient;
  readonly locale: string;
}

function Customer({ id, api, client, locale }: CustomerProps) {
  const { loading, reload } = useLoaded(id, () => client.pos.member(id));
  const say = (key: string) => api.i18n.translate(key);
  if (loading.state === 'loading') return <s-spinner accessibilityLabel={say('pos.loading')} />;
  if (loading.state === 'failed')
    return (
      <s-stack gap="base">
        <s-banner tone="critical" heading={say(failureKey(loading.code))} />
        <s-button onClick={reload}>{say('failure.retry')}</s-button>
      </s-stack>
    );
  const { member } = loading.value;
  if (member === null || member.customer === null)
    return <Message heading={say('pos.noMemberHeading')} text={say('pos.noMember')} />;
  return (
    <Member
      customerId={id}
      customer={member.customer}
      widget={member}
      words={wordsOf(api.i18n, locale, member.points_name)}
      client={client}
      cart={api.cart}
      toast={api.toast}
      onChange={reload}
    />
  );
}
