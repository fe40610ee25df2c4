import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { webEnvironment } from './dev-web.ts';
import { fromRoot } from './paths.ts';

describe('what Shopify’s CLI starts', () => {
  test('is an existing command, on existing routes', () => {
    const toml = readFileSync(fromRoot('shopify.web.toml'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = [...toml.matchAll(/^(?:dev|build) = "npm run ([\w:]+)"$/gm)].map(
      ([, name]) => name,
    );
    expect(commands).toEqual(['dev:web', 'build']);
    for (const name of commands)
      expect(scripts[name ?? '']).toBe(`node infra/local/run.mjs ${name ?? ''}`);
    expect(readFileSync(fromRoot('infra/local/cli.ts'), 'utf8')).toContain(`'dev:web': async`);
    expect(toml).toContain('webhooks_path = "/webhooks/app/uninstalled"');
  });

  test('uses the tunnel’s address for the app, whatever .env says', () => {
    const tunnel = 'https://some-words.trycloudflare.com';
    const given = {
      NODE_ENV: 'production',
      SHOPIFY_APP_URL: 'http://localhost:4001',
      PORT: '3456',
    };
    expect(webEnvironment({ ...given, HOST: tunnel })).toEqual({
      NODE_ENV: 'development',
      SHOPIFY_APP_URL: tunnel,
      PORT: '3456',
    });
    expect(webEnvironment({ ...given, APP_URL: tunnel })['SHOPIFY_APP_URL']).toBe(tunnel);
  });

  test('does not use the machine’s name as an address', () => {
    const given = {
      NODE_ENV: 'development',
      HOST: 'laptop',
      SHOPIFY_APP_URL: 'https://app.example',
    };
    expect(webEnvironment(given)['SHOPIFY_APP_URL']).toBe('https://app.example');
  });
});
