import { cpSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readShopAddress, shopPlan } from '#infra/local/services.ts';
import type { Ports, ShopAddress } from '#infra/local/services.ts';
import { startConnectRouter } from './connect-router.ts';
import type { ConnectRouter } from './connect-router.ts';
import { freePorts, startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';

/** Shopify with one shop or two, each an emulator of its own. */
export interface Shops {
  readonly shop: ShopAddress;
  readonly neighbor: ShopAddress | undefined;
  /** What a process needs in its environment to find either of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files of bulk operations lie on one host for all shops: those of this one are found. */
  filesAreOf(which: 'shop' | 'neighbor'): void;
  stop(): Promise<void>;
}

export async function startShops(
  ports: Ports,
  folder: string,
  neighborDomain: string | undefined,
): Promise<Shops> {
  const running: RunningProcess[] = [];
  let router: ConnectRouter | undefined;
  const stop = async () => {
    await router?.stop();
    for (const one of running.splice(0)) await one.stop();
  };
  const startOne = async (name: string, on: Ports, env: Record<string, string> = {}) => {
    const plan = { ...shopPlan(on, path.join(folder, name)), name };
    const emulator = await startProcess(plan, folder, env);
    running.push(emulator);
    // Its work happens at Shopify in production; here it must not slow the product down.
    os.setPriority(emulator.pid, 19);
    const address = readShopAddress(emulator.output());
    if (address === undefined) throw new Error('the emulator did not say where it is');
    return address;
  };
  try {
    const shop = await startOne('shopify', ports);
    if (neighborDomain === undefined)
      return {
        shop,
        neighbor: undefined,
        environment: shop.environment,
        filesAreOf: () => undefined,
        stop,
      };
    // One certificate for both: of two of one name only the first would be believed.
    cpSync(path.join(folder, 'shopify/tls'), path.join(folder, 'neighbor/tls'), {
      recursive: true,
    });
    const theirs = { ...(await freePorts()), web: ports.web };
    const neighbor = await startOne('neighbor', theirs, { EMULATOR_SHOP: neighborDomain });
    const through = await startConnectRouter(
      ports.proxy,
      new Map([[neighborDomain, theirs.proxy]]),
    );
    router = through;
    return {
      shop,
      neighbor,
      environment: {
        ...shop.environment,
        HTTPS_PROXY: through.url,
      },
      filesAreOf: (which) => through.sendOthersTo(which === 'shop' ? ports.proxy : theirs.proxy),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
