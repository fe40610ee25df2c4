import { readFileSync } from 'node:fs';
import { parseEnv as parseDotEnv } from 'node:util';
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
  test('has defaults for optional variables, and is frozen', () => {
    const env = parseEnv({ ...complete, REDIS_URL: '', PORT: '' });
    expect(env).toMatchObject({
      NODE_ENV: 'development',
      PORT: 3000,
      CORE_URL: 'ipv4:127.0.0.1:50051',
      CORE_TLS: 'off',
      REDIS_URL: undefined,
    });
    expect(env.SCOPES).toContain('read_orders');
    expect(env.ENCRYPTION_KEYS).toEqual([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
    expect(Object.isFrozen(env)).toBe(true);
  });

  test('reports every problem at once, by name and without values', () => {
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

  const production = {
    ...complete,
    NODE_ENV: 'production',
    CORE_SIGNING_KEY: 'nQ2v8Zr5tY1wK7xB4mC9pL6sD3fG0hJq',
    ENCRYPTION_KEYS: `k1:${Buffer.from('Yh7#pQ!z9Lm2@vK4$wXc8&Tn5*Rb1^Gd').toString('base64')}`,
    SHOPIFY_API_SECRET: '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',
    FILES_BUCKET: 'loyalnest-files',
    AWS_REGION: 'us-west-2',
  };

  test('is accepted in production with secrets of one’s own', () => {
    expect(() => parseEnv(production)).not.toThrow();
    const { TRUSTED_PROXIES } = parseEnv({
      ...production,
      TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1',
    });
    expect(TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '127.0.0.1']);
    expect(parseEnv(production).TRUSTED_PROXIES).toBe(1);
  });

  test.each([
    ['SHOPIFY_API_SECRET', 'demo-client-secret'],
    ['SHOPIFY_API_SECRET', 'a1B2c3D4e5F6g7H8'],
    ['SHOPIFY_API_SECRET_PREVIOUS', 'demo-client-secret-of-the-emulator-01'],
    ['CORE_SIGNING_KEY', 'insecure-example-signing-key-change-me'],
    ['CORE_SIGNING_KEY', 'a1B2c3D4e5F6g7H8'],
    ['CORE_SIGNING_KEY', 'a'.repeat(40)],
    ['CORE_SIGNING_KEY', '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'],
    ['ENCRYPTION_KEYS', 'k1:ZXhhbXBsZS1rZXktbm90LXNlY3JldC1jaGFuZ2UtbWU='],
    ['ENCRYPTION_KEYS', `k1:${Buffer.alloc(32, 7).toString('base64')}`],
    ['SHOPIFY_APP_URL', 'http://app.example.com'],
    ['CORE_URL', 'https://core.example.com'],
    ['CORE_ANALYTICS_URL', 'core-a:50051,core-b:50051'],
    ['CORE_TLS', 'yes'],
    ['CORE_TLS_CA_FILE', '/nonexistent/authorities.pem'],
    ['CACHE_REDIS_URL', 'memcached://cache.example.com'],
    ['REDIS_URL', 'rediss://cache.example.com:6379?sslrootcert=/nonexistent/authorities.pem'],
    ['DATABASE_URL', 'postgresql://app@db.example.com/x?sslrootcert=/nonexistent/authorities.pem'],
    ['DATABASE_URL', 'nowhere'],
    ['TRUSTED_PROXIES', 'everybody'],
  ])('refuses in production %s=%s, by name and without its value', (name, value) => {
    expect(() => parseEnv({ ...production, [name]: value })).toThrow(new RegExp(`\\b${name} `));
    try {
      parseEnv({ ...production, [name]: value });
    } catch (error) {
      expect(String(error)).not.toContain(value);
    }
  });

  test('accepts the demo’s published Shopify credentials only on the developer’s machine', () => {
    const demo = { ...production, SHOPIFY_API_SECRET: 'demo-client-secret' };
    expect(() => parseEnv({ ...demo, SHOPIFY_APP_URL: 'http://localhost:4001' })).not.toThrow();
    expect(() =>
      parseEnv({
        ...demo,
        SHOPIFY_APP_URL: 'http://localhost:4001',
        CORE_SIGNING_KEY: 'x'.repeat(40),
      }),
    ).toThrow(/CORE_SIGNING_KEY/);
  });

  test('names a place for files that outlives the process', () => {
    const nowhere = { ...production, FILES_BUCKET: '' };
    expect(() => parseEnv(nowhere)).toThrow(/FILES_BUCKET/);
    expect(() => parseEnv({ ...nowhere, FILES_DIR: '/srv/files' })).not.toThrow();
    expect(() => parseEnv({ ...production, AWS_REGION: '' })).toThrow(/AWS_REGION/);
    expect(parseEnv(complete).FILES_DIR).toBe('.data/files');
  });

  test('as in the example starts no process', () => {
    const example = parseDotEnv(readFileSync('.env.example', 'utf8'));
    expect(example['NODE_ENV']).toBe('production');
    expect(() => parseEnv(example)).toThrow(/SHOPIFY_API_SECRET/);
    for (const name of [
      'CORE_SIGNING_KEY',
      'ENCRYPTION_KEYS',
      'BLIND_INDEX_KEY',
      'SHOPIFY_API_KEY',
      'SHOPIFY_API_SECRET',
    ])
      expect(example[name], name).toBe('');
  });
});
