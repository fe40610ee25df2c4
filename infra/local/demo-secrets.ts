import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

const make: Readonly<Record<string, () => string>> = {
  CORE_SIGNING_KEY: () => randomBytes(32).toString('base64'),
  ENCRYPTION_KEYS: () => `k1:${randomBytes(32).toString('base64')}`,
  BLIND_INDEX_KEY: () => randomBytes(32).toString('base64'),
  APP_DATABASE_PASSWORD: () => randomBytes(18).toString('hex'),
};

/** The secrets of a local installation: created once, stored in a file that only its user can read. */
export function localSecrets(dataDir: string): Record<string, string> {
  const file = path.join(dataDir, 'demo.env');
  const kept: Record<string, string | undefined> = existsSync(file)
    ? parseEnv(readFileSync(file, 'utf8'))
    : {};
  const secrets: Record<string, string> = {};
  for (const [name, create] of Object.entries(make)) secrets[name] = kept[name] ?? create();
  const content = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  if (Object.keys(make).some((name) => kept[name] === undefined)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, content.join(''), { mode: 0o600 });
  }
  return secrets;
}
