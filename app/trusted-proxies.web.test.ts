import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver, startTestWeb } from './testing/web.ts';

/** As in production: CloudFront, then the load balancer, which is who connects. */
let web: Awaited<ReturnType<typeof startTestWeb>>;

beforeAll(async () => {
  process.env['TRUSTED_PROXIES'] = '2';
  web = await startTestWeb({ routes: /\/webhooks/ });
});
afterAll(async () => {
  delete process.env['TRUSTED_PROXIES'];
  await web.stop();
});

const edge = '130.176.1.9';

/** A delivery with a wrong signature, of a sender behind both proxies, each of which adds whom it heard it from. */
const unsigned = (sender: string, said: Record<string, string> = {}) => {
  const { 'x-forwarded-for': forged, ...headers } = said;
  const chain = [...(forged === undefined ? [] : [forged]), sender, edge].join(', ');
  return deliver(web.url, {
    signature: 'bad',
    headers: { ...headers, 'x-forwarded-for': chain },
  });
};

describe('who sends without a signature too often', () => {
  it('is refused whatever address it claims to be another’s, and no one else with it', async () => {
    const forged = (nth: number) => {
      const other = `203.0.113.${nth % 250}`;
      return unsigned('198.51.100.7', {
        'x-forwarded-for': other,
        'x-client-address': other,
        forwarded: `for=${other}`,
        'x-real-ip': other,
      });
    };
    for (let batch = 0; batch < 12; batch++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, nth) => forged(batch * 50 + nth)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    }
    expect((await forged(0)).status).toBe(429);
    // Neither those whose addresses it used, nor another one behind the same proxies.
    expect((await unsigned('203.0.113.5')).status).toBe(401);
    expect((await unsigned('198.51.100.8')).status).toBe(401);
  });
});
