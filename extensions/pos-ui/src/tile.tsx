import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/pos.home.tile.render';
import { render } from 'preact';
import { useSignalValue } from '../../shared/signals.ts';
import { posStateOf } from './pos.rules.ts';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<Tile api={shopify} />, document.body);
}

const subheadings = {
  offline: 'tile.offline',
  no_customer: 'tile.noCustomer',
  customer: 'tile.customer',
} as const;

/** It opens in every state, because the page behind it says what to do about each. */
function Tile({ api }: { api: Api }) {
  const { internetConnected } = useSignalValue(api.connectivity.current);
  const { customer } = useSignalValue(api.cart.current);
  const state = posStateOf(internetConnected, customer);
  return (
    <s-tile
      heading={api.i18n.translate('tile.heading')}
      subheading={api.i18n.translate(subheadings[state.kind])}
      onClick={() => api.action.presentModal()}
    />
  );
}
