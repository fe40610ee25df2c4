import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.order-index.block.render';
import { render } from 'preact';
import { BalanceBlock } from './balance-block.tsx';

export default function extension(): void {
  const { shopify } = globalThis as unknown as { shopify: Api };
  render(<BalanceBlock api={shopify} />, document.body);
}
