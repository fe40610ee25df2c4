import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyHash, proxyPath, shop, shopperToken, startTestWeb } from '../../testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
beforeAll(async () => {
  web = await startTestWeb();
  const store = await web.core.installShop(shop);
  for (const shopifyCustomerId of ['5001', '5002', '5003'])
    await store.admin.upsertCustomer({
      customer: { shopifyCustomerId, state: 'enabled' },
      trigger: 'created',
    });
}, 60_000);
afterAll(() => web.stop());

const signed = (path: string, parameters: Record<string, string>) =>
  web.url + proxyPath(path, { logged_in_customer_id: '5001', ...parameters });
const post = (address: string, body: string) => fetch(address, { method: 'POST', body });

describe('a signed address', () => {
  const body = '{"action":"birthday","birthday":"02-03","idempotency_key":"12345678"}';
  const other = body.replace('02-03', '04-05');

  test('accepts only the body that it was signed for', async () => {
    const address = signed('claim', bodyHash(body));
    expect((await post(address, other)).status).toBe(401);
    expect((await post(address, '')).status).toBe(401);
    expect((await post(address, body)).status).not.toBe(401);
    const hash = createHash('sha256').update(body).digest();
    for (const body_sha256 of [hash.toString('hex'), [...hash].join(',')])
      expect((await post(signed('claim', { body_sha256 }), body)).status).not.toBe(401);
  });

  test('of a page accepts no body, whichever route it is sent to', async () => {
    const address = signed('widget', {});
    for (const path of [
      'claim',
      'redeem',
      'redemptions/5b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a/return',
    ])
      expect((await post(address.replace('/proxy/widget', `/proxy/${path}`), body)).status).toBe(
        401,
      );
  });
});

describe('one shopper', () => {
  async function answers(count: number, ask: () => Promise<Response>): Promise<number[]> {
    const statuses = [];
    for (let round = 0; round < count; round += 30)
      statuses.push(
        ...(await Promise.all(Array.from({ length: 30 }, ask))).map(({ status }) => status),
      );
    return statuses;
  }
  const limited = (statuses: number[]) => statuses.filter((status) => status === 429).length;

  test('is rate-limited when reading too often, without affecting others', async () => {
    // Two and a half times the limit, in case a new minute begins.
    const reads = await answers(600, () => fetch(signed('history', {})));
    expect(limited(reads)).toBeGreaterThan(50);
    expect((await fetch(signed('history', { logged_in_customer_id: '5002' }))).status).toBe(200);
    const guest = await fetch(web.url + proxyPath('widget'));
    expect(guest.status).toBe(200);
  }, 60_000);

  test('is rate-limited when redeeming too often, on any surface', async () => {
    const body = '{}';
    const address = () => signed('redeem', { logged_in_customer_id: '5003', ...bodyHash(body) });
    const redeems = await answers(90, () => post(address(), body));
    const account = await answers(90, () =>
      fetch(`${web.url}/extension/redeem`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${shopperToken(shop, '5003')}` },
      }),
    );
    expect(limited([...redeems, ...account])).toBeGreaterThan(50);
  }, 60_000);
});
