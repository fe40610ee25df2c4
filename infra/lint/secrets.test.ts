import { describe, expect, it } from 'vitest';
import { entropyOf, secretsIn } from './secrets.rules.ts';
import { secretsInFiles } from './secrets.ts';

/** Put together here, so that this file has none. */
const of = (...parts: readonly string[]) => parts.join('');
const hex = '3f9a1c7be2d04586f1a7c3e9b2d84f6007';
const mixed = 'Zr5tY1wK7xB4mC9pL6sD3fG0hJqN2v8AbTe';

const planted: readonly [string, string][] = [
  ['an access key of AWS', of('AKI', 'AIOSFODNN7EXA', 'MPLE')],
  ['a token of Shopify', of('shp', 'at_', hex)],
  ['a token of Shopify', of('shp', 'ss_', hex)],
  ['a token of Shopify', of('shp', 'ca_', hex)],
  ['a token of Shopify’s partners', of('atk', 'n_', mixed)],
  ['a key of Stripe', of('sk', '_live_', mixed)],
  ['a key of Stripe', of('whs', 'ec_', mixed)],
  ['a signed token (JWT)', of('ey', 'JhbGciOiJIUzI1NiJ9', '.ey', 'JzdWIiOiIxMjM0NTY3', '.', mixed)],
  ['a token of Slack', of('xox', 'b-', '123456789012-', mixed)],
  ['a token of Slack', of('https://hooks.', 'slack.com/services/T0', '1ABCDEF/B0/x')],
  ['a token of GitHub', of('gh', 'p_', mixed, 'x')],
  ['a token of GitHub', of('github', '_pat_', mixed, mixed)],
  ['a token of npm', of('np', 'm_', mixed, 'x')],
  ['a key of Google', of('AI', 'za', mixed)],
  ['a key of PostHog', of('ph', 'c_', mixed, mixed)],
  ['a key of Klaviyo', of('pk', '_', hex)],
  ['a key of Twilio or SendGrid', of('SK', hex.slice(0, 32))],
  ['a password in an address', of('postgres://loyalnest:', mixed, '@db.example.com/loyalnest')],
  ['a random value under a secret’s name', of('CORE_SIGNING_KEY=', mixed)],
  ['a random value under a secret’s name', of('const clientSecret = ', "'", mixed, "';")],
  ['a random value under a secret’s name', of('  "api_key": "', hex, '"')],
];

describe('a secret in a file', () => {
  it.each(planted)('is found: %s', (kind, text) => {
    expect(secretsIn(`first\n  value: ${text}\nlast`)).toContainEqual({ kind, line: 2 });
    expect(secretsIn(text).map((found) => found.kind)).toContain(kind);
  });

  it('is found: a private key of any kind, with its lines as they are or in one', () => {
    for (const kind of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']) {
      const begin = of('-----BEGIN ', kind, 'PRIVATE', ' KEY-----');
      for (const between of ['\n', '\\n'])
        expect(secretsIn(`${begin}${between}${mixed.repeat(2)}`), kind).toEqual([
          { kind: 'a private key', line: 1 },
        ]);
    }
  });

  it('is not repeated by what reports it', () => {
    for (const [, text] of planted) {
      const report = JSON.stringify(secretsIn(text));
      expect(report).not.toContain(mixed.slice(0, 12));
      expect(report).not.toContain(hex.slice(0, 12));
    }
  });
});

describe('what is no secret', () => {
  it.each([
    "if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error();",
    'postgres://loyalnest_app:password@localhost:5432/loyalnest',
    'const url = `postgres://${user}:${password}@${host}/db`;',
    "const token = 'a-token-that-nobody-could-guess-anyway';",
    "accessToken = 'shpat_test'",
    'CORE_SIGNING_KEY=insecure-example-signing-key-change-me',
    '"integrity": "sha512-Zr5tY1wK7xB4mC9pL6sD3fG0hJqN2v8AbTeZr5tY1wK7xB4mC9pL6sD3fG0hJqN=="',
    'token: process.env.SHOPIFY_CLI_PARTNERS_TOKEN_OF_2026_and_later',
    'commit 1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c',
  ])('is let through: %s', (text) => {
    expect(secretsIn(text)).toEqual([]);
  });

  it('is told from a key by its entropy', () => {
    expect(entropyOf('aaaaaaaa')).toBe(0);
    expect(entropyOf('abcdefgh')).toBe(3);
    expect(entropyOf(mixed)).toBeGreaterThan(4.5);
  });
});

describe('the repository', () => {
  it('tracks no secret', () => {
    expect(secretsInFiles()).toEqual([]);
  });
});
