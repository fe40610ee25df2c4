import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { chooseAccount } from './postgres-engine.ts';

export interface TestCertificate {
  /** Also the authority that vouches for it. */
  readonly certFile: string;
  readonly keyFile: string;
  remove(): void;
}

/**
 * A certificate of our own making for `localhost`, and for no address, in files that the account may read which
 * servers of the tests run as.
 */
export async function makeTestCertificate(): Promise<TestCertificate> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    notAfterDate: new Date(Date.now() + 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-certificate-'));
  chmodSync(folder, 0o755);
  const certFile = path.join(folder, 'certificate.pem');
  const keyFile = path.join(folder, 'key.pem');
  writeFileSync(certFile, made.cert);
  writeFileSync(keyFile, made.private, { mode: 0o600 });
  const { ids } = chooseAccount(folder);
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(keyFile, ids.uid, ids.gid);
  return { certFile, keyFile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `url` by the name in the certificate, which is checked. */
export function verified(url: string, { certFile }: Pick<TestCertificate, 'certFile'>): string {
  const changed = new URL(url);
  changed.hostname = 'localhost';
  if (changed.protocol.startsWith('postgres')) changed.searchParams.set('sslmode', 'verify-full');
  else changed.protocol = 'rediss:';
  changed.searchParams.set('sslrootcert', certFile);
  return changed.toString();
}
