import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { CoreClients } from '#app/core-client/clients.server.ts';
import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import { shopDomain } from './deliveries.ts';
import { loads, visitOf, visitorHeaders } from './guide-scenarios.ts';
import type { Product } from './product.ts';
import { proxySignature } from './redeem.ts';
import { percentile, rounded } from './statistics.ts';

const { people: clicks, advocates } = loads.referralClicks;
const patienceMs = 60_000;

/** A program that pays the friend's first order. */
export async function turnOnReferrals(core: CoreClients): Promise<void> {
  const { program } = await core.points.getPointsProgram({});
  await core.points.updatePointsProgram({ program: { ...program, active: true } });
  const { config } = await core.referrals.getReferralConfig({});
  if (config === undefined) throw new Error('the shop has no settings of referrals');
  await core.referrals.updateReferralConfig({
    config: { ...config, active: true, completeOn: 'first_order' },
  });
}

/**
 * The guide's load: how soon each of many who follow links at once is answered, and how soon after it was made each visit
 * is counted by the worker. A process that has just started translates its code meanwhile, so they come twice: of the
 * first time it is told, the second is what is promised.
 */
export async function measureClicks(database: BenchDatabase, product: Product, core: CoreClients) {
  const codes = await Promise.all(
    Array.from({ length: advocates }, async (_, nth) => {
      const { customerId } = await core.admin.upsertCustomer({
        customer: {
          shopifyCustomerId: String(8_800_000 + nth),
          firstName: 'Ada',
          state: 'enabled',
        },
        trigger: 'created',
      });
      return (await core.referrals.createReferral({ advocateCustomerId: customerId })).referralCode;
    }),
  );
  const web = new URL(product.webUrl);
  for (const code of codes) await answeredWithin(web, linkRequest(code));
  await countedUntil(database, advocates);
  const followAll = async () => {
    const made = advocates + clicks * crowds++;
    const counting = countedUntil(database, made + clicks);
    const requests = Array.from({ length: clicks }, (_, nth) =>
      linkRequest(codes[nth % advocates] ?? ''),
    );
    const answered = await Promise.all(requests.map((one) => answeredWithin(web, one)));
    return { answered, worked: (await counting).slice(made) };
  };
  let crowds = 0;
  const first = await followAll();
  const { answered, worked } = await followAll();
  return {
    click_first_p99_ms: rounded(percentile(first.answered, 0.99)),
    click_p50_ms: rounded(percentile(answered, 0.5)),
    click_p99_ms: rounded(percentile(answered, 0.99)),
    click_worked_p50_ms: rounded(percentile(worked, 0.5)),
    click_worked_p99_ms: rounded(percentile(worked, 0.99)),
    clicks_lost: 2 * clicks - first.worked.length - worked.length,
  };
}

/** As Shopify's proxy passes on what a phone asks for. */
const linkRequest = (code: string): string => {
  const query = visitOf(shopDomain, Math.floor(Date.now() / 1_000));
  const signed = new URLSearchParams({ ...query, signature: proxySignature(query) });
  return [
    `GET /proxy/r/${code}?${signed.toString()} HTTP/1.1`,
    'host: loyalnest.example',
    ...Object.entries(visitorHeaders).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    '\r\n',
  ].join('\r\n');
};

/**
 * Each on a connection of their own. Without a client of HTTP: who asks and who answers share the processors.
 * @returns how long it took until the whole answer was there, in milliseconds
 */
function answeredWithin(webUrl: URL, request: string): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(webUrl.port), webUrl.hostname, () => socket.write(request));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text)).on('error', reject);
    socket.on('end', () => {
      const took = performance.now() - startedAt;
      if (/^HTTP\/1.1 200 .*<\/html>/s.test(answer)) resolve(took);
      else reject(new Error(`a link is answered ${answer.slice(0, 40)}`));
    });
  });
}

/**
 * Looks until so many visits are counted. They are worked off in their order, so the nth to be counted is the nth that was
 * made.
 * @returns from making to counting, in milliseconds, in that order
 */
async function countedUntil(database: BenchDatabase, wanted: number): Promise<number[]> {
  return withClient(database.adminUrl, async (client) => {
    const seenAt: number[] = [];
    for (const end = Date.now() + patienceMs; seenAt.length < wanted && Date.now() < end;) {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::integer FROM referral_events
         WHERE action = 'click' AND metadata->>'channel' = 'sms'
           AND referral_link_id IN (SELECT referral_link_id FROM referral_links l JOIN customers c USING (merchant_id)
             WHERE c.customer_id = l.advocate_customer_id AND c.shopify_customer_id LIKE '88000__')`,
      );
      const now = Date.now();
      while (seenAt.length < (rows[0]?.count ?? 0)) seenAt.push(now);
      await pause(15);
    }
    const { rows } = await client.query<{ made: Date }>(
      `SELECT e.created_at AS made FROM referral_events e JOIN referral_links l USING (merchant_id, referral_link_id)
       JOIN customers c ON c.merchant_id = l.merchant_id AND c.customer_id = l.advocate_customer_id
       WHERE e.action = 'click' AND c.shopify_customer_id LIKE '88000__' ORDER BY 1`,
    );
    return rows.slice(0, seenAt.length).map(({ made }, nth) => (seenAt[nth] ?? 0) - made.getTime());
  });
}
