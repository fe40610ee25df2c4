import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdmin } from '#core/console/create-admin.ts';
import { fromBase32, hotp, totpStep } from '#core/console/totp.rules.ts';
import { onPlatform } from '#core/database/platform-transaction.ts';
import { startRedis } from '#infra/local/redis.ts';
import { routeManifest, sessionToken, startTestWeb } from '../../testing/web.ts';
import type { AdminRole } from '#vocabulary/console.ts';

// Runs on Redis if there is one; e2e/console.spec.ts covers the same actions on PostgreSQL.
let redis: Awaited<ReturnType<typeof startRedis>>;
let web: Awaited<ReturnType<typeof startTestWeb>>;
beforeAll(async () => {
  redis = await startRedis();
  if (redis !== undefined) process.env.REDIS_URL = redis.url;
  web = await startTestWeb({ routes: /\/console/ });
});
afterAll(async () => {
  await web.stop();
  delete process.env.REDIS_URL;
  await redis?.stop();
});

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

interface Sent {
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(path: string, { cookie = '', form, headers = {} }: Sent = {}) {
  const response = await fetch(`${web.url}${path}.data`, {
    redirect: 'manual',
    headers: { cookie, origin: web.url, 'user-agent': browser, ...headers },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  const set = response.headers.get('set-cookie') ?? '';
  return { status: response.status, headers: response.headers, text, set };
}

const cookieOf = (set: string) => set.split(';')[0] ?? '';
const csrfIn = (text: string) => /"csrf","([\w-]{43})"/.exec(text)?.[1] ?? '';

let people = 0;
async function signedIn(role: AdminRole) {
  const username = `person${++people}`;
  const { oneTimePassword } = await onPlatform(web.core.pool, (client) =>
    createAdmin(
      client,
      web.core,
      { username, email: `${username}@example.com`, role, by: null },
      new Date(),
    ),
  );
  const first = await ask('/console/sign-in', {
    form: { login: username, password: oneTimePassword },
  });
  expect(first.text).toContain('/console/enrol');
  let cookie = cookieOf(first.set);
  const step = async (form: Record<string, string>) => {
    const page = await ask('/console/enrol', { cookie });
    const answer = await ask('/console/enrol', {
      cookie,
      form: { ...form, csrf: csrfIn(page.text) },
    });
    cookie = cookieOf(answer.set);
    return answer;
  };
  await step({ newPassword: 'correct horse battery staple' });
  const page = await ask('/console/enrol', { cookie });
  const secret = /secret=([A-Z2-7]{32})/.exec(page.text)?.[1] ?? '';
  const done = await step({ code: hotp(fromBase32(secret), totpStep(new Date())) });
  expect(done.text).toContain('recoveryCodes');
  const account = await ask('/console/account', { cookie });
  return { username, cookie, csrf: csrfIn(account.text), set: first.set };
}

describe('the console over HTTP', () => {
  test('has its own content security policy with a nonce, cannot be framed, and is not cached', async () => {
    const [one, other] = [await ask('/console/sign-in'), await ask('/console/sign-in')];
    const policy = one.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toBe(other.headers.get('content-security-policy'));
    expect(one.headers.get('cache-control')).toBe('no-store');
    expect(one.headers.get('x-frame-options')).toBe('DENY');
  });

  test('shows nothing without signing in, not even to a shop’s staff', async () => {
    const wrong: string[] = [];
    const paths = Object.values(routeManifest())
      .map(({ id }) => id)
      .filter((id) => id.startsWith('routes/console._main'))
      .map((id) =>
        id.replace('routes/console._main', '/console').replace('._index', '').replace('.', '/'),
      );
    for (const path of [...new Set(paths), '/console/code', '/console/enrol'])
      for (const authorization of ['', `Bearer ${sessionToken('a.myshopify.com')}`]) {
        const headers = { authorization };
        const answers = [await ask(path, { headers })];
        if (!/console$/.test(path))
          answers.push(await ask(path, { headers, form: { intent: 'x' } }));
        for (const { text } of answers)
          if (!text.includes('/console/sign-in')) wrong.push(`${path}: ${text.slice(0, 200)}`);
      }
    expect(wrong).toEqual([]);
  });

  test('accepts forms only from its own pages', async () => {
    const form = { login: 'x', password: 'y' };
    const foreign = { origin: 'https://evil.example' };
    // Refused by the framework's check or ours; the password is never checked, which would answer 401.
    for (const headers of [foreign, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await ask('/console/sign-in', { form, headers })).status).toBe(403);
    expect((await ask('/console/sign-in', { form })).status).toBe(401);
    const { cookie, csrf, set } = await signedIn('superadmin');
    expect(set).toMatch(/HttpOnly; Secure; SameSite=Strict/);
    const change = { intent: 'everywhere' };
    for (const body of [change, { ...change, csrf: `${csrf.slice(0, -1)}?` }])
      expect((await ask('/console/account', { cookie, form: body })).status).toBe(403);
    const right = { cookie, form: { ...change, csrf } };
    expect((await ask('/console/account', { ...right, headers: foreign })).set).toBe('');
    expect((await ask('/console/account', { cookie })).text).toContain(csrf);
    expect((await ask('/console/account', right)).text).toContain('/console/sign-in');
    expect((await ask('/console/account', { cookie })).text).toContain('/console/sign-in');
  });

  test('refuses actions outside a role, even if the page is bypassed', async () => {
    const [analyst, support] = [await signedIn('analyst'), await signedIn('support')];
    const may = async ({ cookie, csrf }: typeof analyst, path: string, form: object) => [
      (await ask(path, { cookie })).status === 403,
      (await ask(path, { cookie, form: { ...form, csrf } })).status === 403,
    ];
    const retry = { queue: 'webhook', act: 'retry' };
    const replay = { id: randomUUID() };
    const invite = { intent: 'invite', username: 'x', email: 'x@example.com', role: 'analyst' };
    expect(await may(analyst, '/console/queues', retry)).toEqual([true, true]);
    expect(await may(analyst, '/console/deliveries', replay)).toEqual([true, true]);
    expect(await may(analyst, '/console/admins', invite)).toEqual([true, true]);
    expect(await may(support, '/console/queues', retry)).toEqual([false, false]);
    expect(await may(support, '/console/deliveries', replay)).toEqual([false, false]);
    expect(await may(support, '/console/admins', invite)).toEqual([true, true]);
  });

  test('lists shop erasures, and stops one only with a reason', async () => {
    const own = await web.core.installShop();
    const receivedAt = new Date().toISOString();
    const { erasure } = await own.admin.requestShopErasure({
      shopDomain: own.shopDomain,
      receivedAt,
    });
    const [person, support] = [await signedIn('superadmin'), await signedIn('support')];
    const page = await ask('/console/erasures', { cookie: support.cookie });
    expect(page.text).toContain(own.shopDomain);
    const stop = { intent: 'stop', id: erasure?.erasureId ?? '', reason: 'They called us.' };
    const send = ({ cookie, csrf }: typeof person, form: object) =>
      ask('/console/erasures', { cookie, form: { ...form, csrf } });
    expect((await send(support, stop)).status).toBe(403);
    expect((await send(person, { ...stop, reason: ' ' })).text).toContain('invalid_input');
    expect((await send(person, stop)).status).toBe(200);
    const { text } = await ask('/console/erasures', { cookie: person.cookie });
    expect(text).toContain('They called us.');
    expect(text).toContain('stopped');
  });

  test('lists a failed job without personal data, retries or discards it, and records that', async () => {
    const { queues } = await import('../../jobs/queues.server.ts');
    let isBroken = true;
    let runs = 0;
    await queues().work('webhook', 1, () => {
      runs += 1;
      return isBroken
        ? Promise.reject(new Error('ada@example.com could not be reached'))
        : Promise.resolve();
    });
    const { cookie, csrf } = await signedIn('support');
    const fail = async (jobId: string) => {
      const before = runs;
      await queues().enqueue('process-deliveries', { deliveryIds: [randomUUID()] }, { jobId });
      await expect.poll(() => runs, { timeout: 10_000 }).toBe(before + 1);
      await expect.poll(async () => (await queues().counts('webhook'))['failed']).toBe(1);
    };
    await fail('first');
    const { text } = await ask('/console/queues', { cookie });
    expect(text).toContain('[email] could not be reached');
    expect(text).not.toContain('ada@example.com');
    isBroken = false;
    const retry = { queue: 'webhook', act: 'retry', job: 'first', csrf };
    expect((await ask('/console/queues', { cookie, form: retry })).status).toBe(200);
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(2);
    await expect.poll(async () => (await queues().counts('webhook'))['failed']).toBe(0);
    isBroken = true;
    await fail('second');
    await ask('/console/queues', { cookie, form: { queue: 'webhook', act: 'discard', csrf } });
    expect((await queues().counts('webhook'))['failed']).toBe(0);
    const { rows } = await web.core.outside.query<{ action: string }>(
      `SELECT action FROM audit_logs WHERE target_table = 'queue' ORDER BY sequence`,
    );
    expect(rows.map((row) => row.action)).toEqual(['jobs_retried', 'jobs_discarded']);
  });
});
