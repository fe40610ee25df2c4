import { describe, expect, test } from 'vitest';
import { parseEnv } from './env.server.ts';

const complete = {
  DATABASE_URL: 'postgresql://app:pw@localhost:5432/loyalnest',
  CORE_SIGNING_KEY: 'a-signing-key-of-some-length',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  SHOPIFY_API_KEY: 'client-id',
  SHOPIFY_API_SECRET: 'a-secret-of-some-length',
  SHOPIFY_APP_URL: 'https://app.example.com',
};

describe('the environment', () => {
  test('has defaults for what may be left out, and is frozen', () => {
    const env = parseEnv({ ...complete, REDIS_URL: '', PORT: '' });
    expect(env).toMatchObject({
      NODE_ENV: 'development',
      PORT: 3000,
      CORE_URL: 'localhost:50051',
      REDIS_URL: undefined,
    });
    expect(env.SCOPES).toContain('read_orders');
    expect(env.ENCRYPTION_KEYS).toEqual([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
    expect(Object.isFrozen(env)).toBe(true);
  });

  test('tells every problem at once, by name and without values', () => {
    const broken = {
      ...complete,
      DATABASE_URL: 'mysql://secret-host',
      CORE_SIGNING_KEY: undefined,
      ENCRYPTION_KEYS: 'k1:c2hvcnQ=',
      PORT: 'http',
    };
    expect(() => parseEnv(broken)).toThrow(
      /DATABASE_URL[^]*|CORE_SIGNING_KEY[^]*|ENCRYPTION_KEYS[^]*|PORT/,
    );
    let message = '';
    try {
      parseEnv(broken);
    } catch (error) {
      message = String(error);
    }
    for (const name of ['DATABASE_URL', 'CORE_SIGNING_KEY', 'ENCRYPTION_KEYS', 'PORT'])
      expect(message).toContain(name);
    expect(message).not.toContain('secret-host');
    expect(message).not.toContain('c2hvcnQ');
  });

  test('refuses the demo’s published secrets in production, except on one’s own machine', () => {
    const demo = { ...complete, NODE_ENV: 'production', SHOPIFY_API_SECRET: 'demo-client-secret' };
    expect(() => parseEnv(demo)).toThrow(/SHOPIFY_API_SECRET is the published secret/);
    expect(() => parseEnv({ ...demo, SHOPIFY_APP_URL: 'http://localhost:4001' })).not.toThrow();
    expect(() => parseEnv({ ...complete, NODE_ENV: 'production' })).not.toThrow();
  });
});
