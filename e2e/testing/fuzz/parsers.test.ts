import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { isAddressRange, isInRanges } from '#app/address-ranges.ts';
import { parseEnv } from '#app/env.server.ts';
import { journalSince } from '#app/features/privacy/erasure-journal.ts';
import { creditsSince } from '#app/features/redemptions/credit-journal.ts';
import type { FileStore } from '#app/files/file-store.ts';
import { canonicalTarget } from '#app/request-target.rules.ts';
import { contextOf } from '#app/spans.server.ts';
import { parseCoreEnv } from '#core/env.ts';
import { createRandom, mutatedSome, nastyTexts } from '../../load/random.ts';
import type { Random } from '../../load/random.ts';

/** `npm run fuzz` sets the count and the seed. */
const count = Number(process.env['FUZZ'] ?? 1_500);
const seed = Number(process.env['FUZZ_SEED'] ?? 8);

/** As often as is asked for; a failure names the turn, which the seed repeats. */
function turns(work: (random: Random) => void): void {
  const random = createRandom(seed);
  for (let turn = 0; turn < count; turn += 1) work(random);
}

const merchantId = '6f7c2a3e-0000-4000-8000-000000000001';
const redemptionId = '6f7c2a3e-0000-4000-8000-000000000002';
const person = {
  kind: 'person',
  at: '2026-11-30T10:00:00.000Z',
  entry: {
    merchantId,
    erasedBy: redemptionId,
    persons: [{ member: redemptionId, tombstone: 'x' }],
    subjectTokens: ['a'],
    orderIds: ['1001'],
  },
};
const records: readonly unknown[] = [
  person,
  { kind: 'shop', at: '2026-11-30T10:00:00.000Z', merchantId },
  {
    merchantId,
    redemptionId,
    rewardId: 'r',
    kind: 'store_credit',
    points: 100,
    value: '5.00',
    currency: 'USD',
    shopifyCustomerId: '5001',
    startsAt: '',
    expiresAt: '',
  },
];

/** Text as someone may have left it: changed, cut off, with a byte that is wrong. */
function spoiledFile(random: Random): Buffer {
  const bytes = Buffer.from(JSON.stringify(mutatedSome(random, random.pick(records))) ?? '');
  const kind = random.below(6);
  if (kind === 0) return bytes.subarray(0, random.below(bytes.length + 1));
  if (kind === 1 && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  if (kind === 2) return Buffer.from(random.pick(nastyTexts));
  return bytes;
}

function filesOf(contents: ReadonlyMap<string, Buffer>): FileStore {
  return {
    put: () => Promise.resolve(),
    delete: () => Promise.resolve(),
    get: (key) => Promise.resolve(contents.get(key)),
    stream: (key) => {
      const content = contents.get(key);
      return Promise.resolve(content && Readable.from([content]));
    },
    async *list(prefix) {
      for (const key of [...contents.keys()].sort()) if (key.startsWith(prefix)) yield key;
    },
  };
}

describe('a journal outside of the database', () => {
  test('with entries that cannot be read stops none of those that can', async () => {
    const random = createRandom(seed);
    const contents = new Map<string, Buffer>();
    const day = '2026-11-30';
    for (let number = 0; number < count; number += 1) {
      contents.set(`erasures/${day}/${number}.json`, spoiledFile(random));
      contents.set(`credits/${merchantId}/${day}/${number}.json`, spoiledFile(random));
    }
    contents.set(`erasures/${day}/whole.json`, Buffer.from(JSON.stringify(person)));
    const since = new Date('2026-11-30T00:00:00Z');
    let whole = 0;
    for await (const record of journalSince(filesOf(contents), since)) {
      expect(['person', 'shop', 'unreadable']).toContain(record.kind);
      if (record.kind === 'person') expect(record.entry.merchantId).toMatch(/^[0-9a-f-]{36}$/i);
      if (JSON.stringify(record) === JSON.stringify(person)) whole += 1;
    }
    expect(whole).toBeGreaterThan(0);
    const { credits, unreadable } = await creditsSince(filesOf(contents), merchantId, since);
    expect(credits.length + unreadable).toBe(count);
    for (const { points } of credits) expect(Number.isInteger(points)).toBe(true);
  });
});

const environment: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgresql://loyalnest_app:pass@localhost:5432/loyalnest',
  DATABASE_READ_URL: 'postgresql://loyalnest_app:pass@localhost:5433/loyalnest',
  QUEUE_DATABASE_URL: 'postgresql://loyalnest_app:pass@localhost:5432/loyalnest',
  REDIS_URL: 'redis://localhost:6379',
  CACHE_REDIS_URL: 'rediss://localhost:6380',
  CORE_URL: 'localhost:50051',
  CORE_PORT: '50051',
  CORE_SERVICES: 'points,admin',
  CORE_SIGNING_KEY: 'a-signing-key-of-some-length-1',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  BLIND_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
  SHOPIFY_API_KEY: 'client-id',
  SHOPIFY_API_SECRET: 'a-client-secret-of-some-length',
  SHOPIFY_APP_URL: 'https://app.example.com',
  PORT: '3000',
  LOG_LEVEL: 'info',
  SCOPES: 'read_orders',
  TRUSTED_PROXIES: '10.0.0.0/8',
  CONSOLE_ALLOWED_IPS: '192.0.2.0/24',
  FILES_BUCKET: 'bucket',
  FILES_ENDPOINT: 'https://s3.example.com',
  SENTRY_DSN: 'https://key@sentry.example.com/1',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
};

const nastyValues: readonly string[] = [
  ...nastyTexts,
  'postgresql://',
  `postgresql://user:${'hunter2-in-a-url'}@host:99999/db`,
  'postgresql://host/db?sslrootcert=/nowhere',
  'redis://:hunter2-in-a-url@[::1',
  'k1:AAAA,k1:AAAA',
  'k1:' + 'A'.repeat(43) + '=',
  '10.0.0.0/33',
  '::/129',
  'a:b:c:d',
  'dns:///core:50051',
  'https://[',
];

describe('an environment', () => {
  test('is taken or refused by the names of its variables, and never by a value or another error', () => {
    turns((random) => {
      const changed: Record<string, string> = { ...environment };
      if (random.chance(0.3)) changed['NODE_ENV'] = 'production';
      for (let left = 1 + random.below(3); left > 0; left--)
        changed[random.pick(Object.keys(environment))] = random.pick(nastyValues);
      for (const parse of [parseEnv, parseCoreEnv]) {
        try {
          parse(changed);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          expect(message).toMatch(/^The environment is not complete:/);
          expect(message).not.toContain('hunter2');
          expect(message).not.toContain(environment['CORE_SIGNING_KEY']);
        }
      }
    });
  });
});

describe('a request’s target', () => {
  const pieces = [
    '/',
    '//',
    '\\',
    '..',
    '%2e%2e',
    '%2f',
    '%00',
    '%',
    '?',
    '#',
    'http://evil.example',
    '@',
    'console',
    'webhooks',
    '.data',
    ';',
    ' ',
  ];
  test('has one spelling, or is none', () => {
    turns((random) => {
      const target = Array.from({ length: 1 + random.below(7) }, () =>
        random.chance(0.2) ? random.pick(nastyTexts).slice(0, 200) : random.pick(pieces),
      ).join('');
      const canonical = canonicalTarget(target);
      if (canonical === undefined) return;
      expect(canonical, target).toMatch(/^\/(?!\/)/);
      expect(canonical.split('?')[0], target).not.toMatch(/\p{Cc}|\\|\/\.\.(\/|$)/u);
      expect(canonicalTarget(canonical), target).toBe(canonical);
    });
  });
});

describe('what a proxy or a tracer says', () => {
  test('is an address in ranges, or is not, and fails nothing', () => {
    const parts = [
      '10.0.0.1',
      '::1',
      '::ffff:10.0.0.1',
      '/',
      '8',
      '33',
      '129',
      ',',
      ' ',
      '%eth0',
      '-1',
      '0x7f.1',
      '1e1',
    ];
    turns((random) => {
      const text = Array.from({ length: 1 + random.below(4) }, () =>
        random.pick([...parts, ...nastyTexts]),
      ).join('');
      if (isAddressRange(text)) expect(typeof isInRanges('10.0.0.1', [text])).toBe('boolean');
      expect(typeof isInRanges(text, ['10.0.0.0/8', '::/0'])).toBe('boolean');
    });
  });

  test('continues a trace or begins none', () => {
    turns((random) => {
      const parts = [
        '00',
        'ff',
        '4bf92f3577b34da6a3ce929d0e0e4736',
        '00f067aa0ba902b7',
        '01',
        '0'.repeat(32),
        'xyz',
      ];
      const text = Array.from({ length: random.below(6) }, () =>
        random.pick([...parts, ...nastyTexts]),
      ).join('-');
      expect(() => contextOf(text)).not.toThrow();
    });
  });
});
