// The certificate for Shopify's hosts in the emulator; created once per data folder.
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { writeAtomically } from './state.ts';

export interface Certificate {
  key: string;
  cert: string;
  path: string;
}
const FORTNIGHT_MS = 14 * 86_400_000;

export async function certificateFor(folder: string, appHost: string): Promise<Certificate> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'cert.pem'),
    keyFile = join(folder, 'key.pem');
  const hosts = [
    '*.myshopify.com',
    '*.shopify.com',
    'admin.shopify.com',
    'cdn.shopify.com',
    'storage.googleapis.com',
    'a.klaviyo.com',
    'api.twilio.com',
    'api.postscript.io',
    'email.us-east-1.amazonaws.com',
    'email.eu-west-1.amazonaws.com',
    appHost,
  ];
  if (existsSync(path) && existsSync(keyFile)) {
    const cert = readFileSync(path, 'utf8'),
      parsed = new X509Certificate(cert);
    if (
      Date.parse(parsed.validTo) > Date.now() + FORTNIGHT_MS &&
      hosts.every((host) => parsed.checkHost(host.replace('*', 'any')) !== undefined)
    )
      return { cert, key: readFileSync(keyFile, 'utf8'), path };
  }
  const made = await generate(
    [{ name: 'commonName', value: 'Shopify emulator (local tests only)' }],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() - 86_400_000),
      notAfterDate: new Date(Date.now() + 365 * 86_400_000),
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'keyUsage', digitalSignature: true, keyCertSign: true, keyEncipherment: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2 as const, value })) },
      ],
    },
  );
  writeAtomically(keyFile, made.private);
  writeAtomically(path, made.cert);
  return { key: made.private, cert: made.cert, path };
}
