// A shop outside of any server: its clock stands where it is set, and no webhook is sent. A year is lived in it within a
// second, and then given to a shop that is open (control verb `history`).
import { readAppConfig } from './app-config.ts';
import { Clock } from './clock.ts';
import { declareMetafields } from './declared-metafields.ts';
import { freshShop } from './seed.ts';
import { Store } from './state.ts';
import type { World } from './world.ts';

class SetClock extends Clock {
  /** Milliseconds. */
  at: number;
  constructor(at: number) {
    super();
    this.at = at;
  }
  override now(): number {
    return this.at;
  }
}
export type QuietWorld = World & { readonly clock: SetClock };

export function quietWorld(
  shop: string,
  currency: string,
  at: number,
  appConfigFile?: string,
): QuietWorld {
  const config = readAppConfig(appConfigFile),
    store = new Store(undefined, () => freshShop(shop, config.scopes, currency));
  const world: QuietWorld = {
    settings: {
      shop,
      apiKey: '',
      apiSecret: '',
      appUrl: '',
      appHost: '',
      themeDir: '',
      surfacesDir: '',
      dataDir: undefined,
      retryScale: 1,
      bulkDelayMs: 0,
    },
    store,
    config,
    clock: new SetClock(at),
    entries: [],
    get data() {
      return store.data;
    },
    emit: () => ({ webhookIds: [], settled: Promise.resolve() }),
    runBulk: () => undefined,
    log: () => undefined,
  };
  declareMetafields(world);
  return world;
}

/** What the shop of such a world has come to, as the verb `history` takes it. */
export function historyOf({ data }: World): Record<string, unknown> {
  return {
    customers: [...data.customers.values()],
    orders: [...data.orders.values()],
    discounts: [...data.discounts.values()],
    metafields: [...data.metafields.values()],
    counters: data.counters,
  };
}
