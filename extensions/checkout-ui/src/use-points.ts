import type { AppClient } from '../../shared/app-client.ts';
import type { CheckoutGoods, CheckoutPoints } from '../../shared/contract.ts';
import { useLoaded } from '../../shared/loading.ts';
import type { Loading } from '../../shared/loading.ts';
import { useSignalValue } from '../../shared/signals.ts';
import { linesOf } from './goods.rules.ts';
import type { CartLine, OrderDiscount } from './goods.rules.ts';

interface Signal<Value> {
  readonly value: Value;
  subscribe(listener: (value: Value) => void): () => void;
}

interface Checkout {
  readonly lines: Signal<readonly CartLine[]>;
  readonly discountAllocations: Signal<readonly OrderDiscount[]>;
  readonly cost: { readonly totalAmount: Signal<{ readonly currencyCode: string }> };
  readonly shippingAddress?: Signal<{ readonly countryCode?: string } | undefined> | undefined;
}

const nowhere: Signal<undefined> = { value: undefined, subscribe: () => () => undefined };

/** What the cart earns; requested again when it changes. */
export function usePoints(
  api: Checkout,
  client: AppClient,
  ask: (goods: CheckoutGoods) => Promise<CheckoutPoints> = client.checkout,
): Loading<CheckoutPoints> {
  const lines = useSignalValue(api.lines);
  const discounts = useSignalValue(api.discountAllocations);
  const { currencyCode } = useSignalValue(api.cost.totalAmount);
  const address = useSignalValue<{ readonly countryCode?: string } | undefined>(
    api.shippingAddress ?? nowhere,
  );
  const goods: CheckoutGoods = {
    lines: linesOf(lines, discounts),
    currency: currencyCode,
    country: address?.countryCode ?? '',
  };
  return useLoaded(JSON.stringify(goods), () => ask(goods)).loading;
}
