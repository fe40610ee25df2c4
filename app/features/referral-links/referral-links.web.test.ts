import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyHash, proxyPath, shop, startTestWeb } from '../../testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let store: Awaited<ReturnType<typeof web.core.installShop>>;
let code = '';

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

const join = (shopifyCustomerId: string, firstName: string, email: string) =>
  store.admin.upsertCustomer({
    customer: { shopifyCustomerId, firstName, email, state: 'enabled' },
    trigger: 'created',
    updatedAt: new Date().toISOString(),
  });

beforeAll(async () => {
  web = await startTestWeb();
  store = await web.core.installShop(shop);
  const { program } = await store.points.getPointsProgram({});
  await store.points.updatePointsProgram({ program: { ...program, active: true } });
  const { config } = await store.referrals.getReferralConfig({});
  const friend = {
    kind: 'discount',
    discount: 'amount',
    value: '10',
    minPurchase: '50',
    points: 0,
    expiresAfterDays: 30,
  };
  await store.referrals.updateReferralConfig({ config: { ...config, active: true, friend } });
  await join('5001', 'Ada', 'ada@example.com');
  const made = await member('5001', 'referrals', {});
  ({ code } = (await made.json()) as { code: string });
}, 60_000);
afterAll(() => web.stop());

const get = (path: string, query: Record<string, string> = {}, headers = {}, method = 'GET') =>
  fetch(web.url + proxyPath(path, query), {
    method,
    headers: { 'user-agent': phone, ...headers },
  });
function member(id: string, path: string, body?: object, query: Record<string, string> = {}) {
  const text = JSON.stringify(body);
  const asked = { logged_in_customer_id: id, ...query };
  return body === undefined
    ? get(path, asked)
    : fetch(web.url + proxyPath(path, { ...asked, ...bodyHash(text) }), {
        method: 'POST',
        body: text,
        headers: { 'x-forwarded-for': '198.51.100.7, 23.227.38.1' },
      });
}
const addressIn = (html: string, pattern: RegExp) =>
  (pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

/** Works off what waits in the queue, as the worker does. */
async function clicked(): Promise<number> {
  const { createJobServices } = await import('../../worker/services.server.ts');
  const { handlers } = await import('../../worker/handlers.ts');
  const { perform } = await import('../../jobs/perform.ts');
  const services = createJobServices();
  await services.queues.work('referrals', 4, (run) => perform(run, handlers, services));
  for (let tries = 0; tries < 100; tries++) {
    const { active = 0, waiting = 0 } = await services.queues.counts('referrals');
    if (active + waiting === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { total } = await store.referrals.getReferralFunnel({ days: 7 });
  return total?.clicked ?? 0;
}

describe('a link that a friend follows', () => {
  test('opens without script and says who gives what, in the reader’s language', async () => {
    const page = await get(`r/${code}`, { c: 'sms' }, { 'accept-language': 'es-MX, en;q=0.5' });
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toContain('no-store');
    const html = await page.text();
    expect(html).toContain('<html lang="es">');
    expect(html).not.toContain('<script');
    expect(html).toMatch(/Ada te ha invitado: 10.+ de descuento/);
    const english = await (await get(`r/${code}`, { locale: 'en' })).text();
    expect(english).toContain('Ada invited you: $10 off');
    expect(english).toContain('The code works on orders of at least $50.00.');
    for (const meta of ['og:title', 'og:description', 'og:image', 'twitter:card'])
      expect(english).toContain(`"${meta}"`);
    expect(english).toContain('noindex');
  });

  test('leads into the shop with who sent them and how, and to the claim after signing in', async () => {
    const html = await (await get(`r/${code}`, { c: 'whatsapp' })).text();
    const shopUrl = addressIn(html, /href="(\.\.\/\.\.\/\.\.\/\?[^"]+)"/);
    const asked = new URL(shopUrl, 'https://shop.example/fr/apps/loyalnest/r/X');
    expect(asked.pathname).toBe('/fr/');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      ln_ref: code,
      ln_c: 'whatsapp',
    });
    const signIn = new URL(addressIn(html, /href="([^"]*account\/login[^"]*)"/), asked);
    const back = signIn.searchParams.get('return_url') ?? '';
    expect(back).toMatch(
      new RegExp(`^/apps/loyalnest/referrals/claim\\?code=${code}&c=whatsapp&k=`),
    );
  });

  test.each(['NOBODY99', 'x', '%3Cscript%3E'])(
    '%s leads to the shop, and tells nothing',
    async (other) => {
      const page = await get(`r/${other}`, { locale: 'en' });
      expect(page.status).toBe(404);
      const html = await page.text();
      expect(html).toContain('This invitation has ended');
      expect(html).not.toContain('ln_ref');
    },
  );

  test('counts people once each, and neither previews nor what is fetched ahead', async () => {
    const before = await clicked();
    await get(`r/${code}`, {}, { 'user-agent': 'WhatsApp/2.23.20.0' });
    await get(`r/${code}`, {}, { purpose: 'prefetch' });
    await get(`r/${code}`, {}, {}, 'HEAD');
    await get('r/NOBODY99');
    await get(`r/${code}`, { c: 'email' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await clicked()).toBe(before + 1);
    const { channels } = await store.referrals.getReferralFunnel({ days: 7 });
    expect(channels).toContainEqual(expect.objectContaining({ channel: 'email', clicked: 1 }));
  });
});

describe('links that are followed by many', () => {
  test('are answered with one page, in which each has a visit of their own', async () => {
    const before = await clicked();
    const pages = await Promise.all(
      Array.from({ length: 40 }, async () => (await get(`r/${code}`, { c: 'social' })).text()),
    );
    const ids = pages.map((html) => /ln_k=([\da-f-]{36})/.exec(html)?.[1] ?? '');
    expect(new Set(ids).size).toBe(40);
    expect(new Set(pages.map((html, nth) => html.replaceAll(ids[nth] ?? '', '…'))).size).toBe(1);
    expect(await clicked()).toBe(before + 40);
  });

  test('show what the shop calls its points, and a change of the offer', async () => {
    const { config } = await store.referrals.getReferralConfig({});
    const points = { kind: 'points', points: 500, discount: '', value: '', minPurchase: '' };
    await store.admin.updateSettings({
      defaultLanguage: 'en',
      pointsName: {
        en: { one: 'Star', other: 'Stars' },
        es: { one: 'Estrella', other: 'Estrellas' },
        fr: { one: 'Étoile', other: 'Étoiles' },
      },
    });
    await store.referrals.updateReferralConfig({
      config: { ...config, friend: { ...points, expiresAfterDays: 0 } },
    });
    await join('5010', 'Bea', 'bea@example.com');
    const made = (await (await member('5010', 'referrals', {})).json()) as { code: string };
    const html = await (await get(`r/${made.code}`, { locale: 'fr' })).text();
    expect(html).toMatch(/content="[^"]*500 Étoiles/);
    const { config: saved } = await store.referrals.getReferralConfig({});
    await store.referrals.updateReferralConfig({
      config: { ...saved, friend: config?.friend },
    });
  });
});

describe('a friend', () => {
  test('who signed in claims by the page’s own form, and is refused the second time in words', async () => {
    await join('5002', 'Grace', 'grace@other.example');
    const asked = { code, c: 'sms', locale: 'en', logged_in_customer_id: '5002' };
    const html = await (await get('referrals/claim', asked)).text();
    const action = new URL(
      addressIn(html, /action="([^"]+)"/),
      'https://s.example/apps/loyalnest/r/X',
    );
    expect(action.pathname).toBe('/apps/loyalnest/referrals/claim');
    const posted = { ...Object.fromEntries(action.searchParams), logged_in_customer_id: '5002' };
    const post = () =>
      fetch(web.url + proxyPath('referrals/claim', posted), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }).then((answer) => answer.text());
    expect(await post()).toContain('Welcome!');
    expect(await post()).toContain('You have already accepted an invitation');
    const own: unknown = await (await member('5001', 'referrals')).json();
    expect(own).toMatchObject({
      active: true,
      code,
      title: 'Give $10 off, get 50 Stars',
      friends: [{ name: 'Grace', note: 'Invited' }],
      progress: '0 of 1 rewarded',
    });
  });

  test('claims by the panel, and is told why not', async () => {
    const claim = async (id: string, other = code): Promise<unknown> =>
      (
        await member(id, 'referrals/claim', { code: other, device: 'a-device' }, { locale: 'fr' })
      ).json();
    expect(await claim('5001')).toMatchObject({
      status: 'own_link',
      title: 'Ce lien est le vôtre',
    });
    await join('5003', 'Alan', 'alan@third.example');
    expect(await claim('5003', code.toLowerCase())).toMatchObject({ status: 'claimed' });
    expect(await claim('5003')).toMatchObject({ status: 'already_claimed' });
    expect(await claim('5003', 'NOCODE99')).toMatchObject({ status: 'already_claimed' });
    expect(await claim('5001', 'NOCODE99')).toMatchObject({ error: { code: 'not_found' } });
  });

  test('who is not signed in sees the offer, and is asked to sign in', async () => {
    const offer = await get('referrals', { code });
    expect(await offer.json()).toMatchObject({ active: true, title: 'Ada invited you: $10 off' });
    expect((await get('referrals')).status).toBe(404);
    const body = JSON.stringify({ code });
    const claim = await fetch(web.url + proxyPath('referrals/claim', bodyHash(body)), {
      method: 'POST',
      body,
    });
    expect(claim.status).toBe(401);
  });
});
