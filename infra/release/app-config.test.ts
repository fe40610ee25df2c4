import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse as parseTfvars } from '@cdktf/hcl2json';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromRoot } from '#infra/local/paths.ts';
import { appConfigOf, apps, fileOf, writeClientId } from './app-config.ts';

const source = readFileSync(fromRoot('shopify.app.toml'), 'utf8');
const configOf = (environment: string) =>
  parse(readFileSync(fromRoot(fileOf(environment)), 'utf8')) as Record<string, unknown>;
const environments = Object.keys(apps);
const tfvars = { staging: 'staging.tfvars', production: 'prod.tfvars' } as const;

describe.each(environments)('the app in %s', (environment) => {
  it('is what shopify.app.toml says, written again by node infra/release/app-config.ts', () => {
    expect(readFileSync(fromRoot(fileOf(environment)), 'utf8')).toBe(
      appConfigOf(environment, source),
    );
  });

  it('has the scopes, webhooks, metafields and proxy of development', () => {
    const own = ['client_id', 'name', 'handle', 'application_url', 'auth'];
    const shared = (config: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(config).filter(([name]) => !own.includes(name)));
    const development = shared(parse(source));
    expect(Object.keys(development)).toEqual(
      expect.arrayContaining(['access_scopes', 'webhooks', 'customer', 'app_proxy', 'embedded']),
    );
    expect(shared(configOf(environment))).toEqual(development);
  });

  it('is at the address, and has the handle, of its Terraform', async () => {
    const file = tfvars[environment as keyof typeof tfvars];
    const settings = (await parseTfvars(
      file,
      readFileSync(fromRoot('infra', file), 'utf8'),
    )) as Record<string, unknown>;
    const config = configOf(environment);
    expect(config['application_url']).toBe(`https://${String(settings['domain'])}`);
    expect(config['auth']).toEqual({
      redirect_urls: [`https://${String(settings['domain'])}/auth/callback`],
    });
    expect(config['handle']).toBe(settings['shopify_app_handle']);
  });

  it('is no app of the demo, and none before the pipeline says which', () => {
    expect(configOf(environment)['client_id']).toBe('');
  });
});

it('every environment has an app of its own', () => {
  expect(environments).toEqual(['staging', 'production']);
  for (const field of ['handle', 'name', 'application_url'])
    expect(new Set(environments.map((name) => configOf(name)[field])).size, field).toBe(2);
});

describe('the client id', () => {
  const id = '0123456789abcdef0123456789abcdef';
  let folder = '';
  const file = () => path.join(folder, fileOf('staging'));
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-toml-'));
    writeFileSync(file(), appConfigOf('staging', source));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is written into the configuration that is deployed, and nothing else changes', () => {
    const before = readFileSync(file(), 'utf8');
    writeClientId('staging', id, folder);
    const after = readFileSync(file(), 'utf8');
    expect(parse(after)['client_id']).toBe(id);
    expect(after.replace(id, '')).toBe(before);
  });

  it.each(['', 'demo-client-id', '0123', id.toUpperCase()])('is never %j', (wrong) => {
    expect(() => writeClientId('staging', wrong, folder)).toThrow('SHOPIFY_CLIENT_ID');
  });

  it('is not written over another one', () => {
    writeClientId('staging', id, folder);
    expect(() => writeClientId('staging', id, folder)).toThrow('has a client id already');
  });

  it('belongs to an environment that there is', () => {
    expect(() => writeClientId('prod', id, folder)).toThrow('choose staging or production');
  });
});
