import { describe, expect, it } from 'vitest';
import { Interrupted } from '../breakers.server.ts';
import { pretendEnvironment } from '../testing/environment.ts';
import { askShopify } from './shop-circuits.server.ts';

// For the log.
pretendEnvironment();

const answering = (status: number) => () => Promise.resolve(new Response(null, { status }));
const lost = () => Promise.reject(new TypeError('fetch failed'));

describe('Shopify, where it does not answer', () => {
  it('for one shop, is left alone for that shop, and asked for the others', async () => {
    for (let call = 0; call < 4; call++) {
      expect((await askShopify('ill.myshopify.com', answering(502))).status).toBe(502);
      await expect(askShopify('ill.myshopify.com', lost)).rejects.toThrow('fetch failed');
    }
    let asked = 0;
    const counted = () => {
      asked += 1;
      return answering(200)();
    };
    await expect(askShopify('ill.myshopify.com', counted)).rejects.toThrow(Interrupted);
    expect(asked).toBe(0);
    expect((await askShopify('well.myshopify.com', counted)).status).toBe(200);
  });

  it('is asked on where it refuses: a frozen shop or a throttled one answers', async () => {
    for (let call = 0; call < 40; call++)
      for (const status of [401, 402, 423, 429])
        expect((await askShopify('frozen.myshopify.com', answering(status))).status).toBe(status);
  });

  it('for any shop, is left alone for all', async () => {
    for (let nth = 0; nth < 20; nth++)
      await askShopify(`shop-${nth}.myshopify.com`, lost).catch(() => undefined);
    await expect(askShopify('another.myshopify.com', answering(200))).rejects.toThrow(Interrupted);
  });
});
